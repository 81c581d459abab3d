package warmfront.streaming.media;

import java.util.List;

/**
 * An FLV, whose tags are read when they are played.
 *
 * @param first where its first tag begins
 * @param base the timestamp that is the beginning
 * @param hasVideo whether playing begins with keyframes of video
 */
record FlvMedium(
    List<Tag> head,
    List<String> fourCcs,
    long durationMillis,
    long first,
    long base,
    boolean hasVideo,
    FlvKeyframes keyframes)
    implements Medium {
  @Override
  public Reel from(long millis) {
    if (millis <= 0) {
      return new FlvReel(this, first, -1);
    }
    long known = keyframes.offsetAt(millis);
    return new FlvReel(this, known < first ? first : known, millis);
  }

  @Override
  public long weight() {
    return keyframes.weight() + IndexedMedium.weight(head);
  }
}
