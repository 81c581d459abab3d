package warmfront.streaming.segment;

import warmfront.bytes.Slice;

/**
 * A codec and its configuration: what goes ahead of frames.
 *
 * @param codecs as RFC 6381 names it
 * @param timescale ticks per second of the track
 * @param frameTicks what a frame lasts; 0 if that is known by the next one's time only
 * @param width of pictures; 0 of sound
 * @param height of pictures; 0 of sound
 * @param configuration as the publisher sent it: two formats are the same if it is
 * @param entry the sample entry of ISO media
 */
record Format(
    String codecs,
    int timescale,
    int frameTicks,
    int width,
    int height,
    Slice configuration,
    Slice entry) {
  boolean isSame(Format other) {
    return codecs.equals(other.codecs)
        && configuration.buffer().equals(other.configuration.buffer());
  }
}
