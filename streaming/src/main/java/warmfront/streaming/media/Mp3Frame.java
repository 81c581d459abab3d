package warmfront.streaming.media;

import org.jspecify.annotations.Nullable;

/**
 * The header of a frame of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.1.3; 13818-3, 2.4.2.3).
 *
 * @param version 3 for MPEG 1, 2 for MPEG 2, 0 for MPEG 2.5
 * @param bitRate in bits per second
 * @param rate in Hz
 * @param channels 1 or 2
 * @param length of the frame with its header, in bytes
 */
record Mp3Frame(int version, int bitRate, int rate, int channels, int length) {
  /** Bytes of a header. */
  static final int HEADER = 4;

  /** Bytes that are searched at a time; the longest frame has 1441. */
  static final int STRETCH = 4096;

  private static final int LENGTH_MAX = 1441;

  private static final int MPEG_1 = 3;
  private static final int RESERVED = 1;
  private static final int LAYER_3 = 1;

  /** In kbit/s, by the index that a header has; 0 is not told, 15 is forbidden. */
  private static int kilobits(int version, int index) {
    if (version == MPEG_1) {
      return switch (index) {
        case 1, 2, 3, 4, 5 -> 24 + 8 * index;
        case 6, 7, 8, 9 -> 64 + 16 * (index - 5);
        case 10, 11, 12, 13 -> 128 + 32 * (index - 9);
        default -> 320;
      };
    }
    return index <= 8 ? 8 * index : 64 + 16 * (index - 8);
  }

  /** Returns the header at an offset; null if there is none, or not all of it below {@code end}. */
  static @Nullable Mp3Frame at(Window window, long offset, long end) {
    if (end - offset < HEADER || window.at(offset) != 0xff) {
      return null;
    }
    int second = window.at(offset + 1);
    int third = window.at(offset + 2);
    int version = second >> 3 & 3;
    int index = third >> 4;
    int rateIndex = third >> 2 & 3;
    if (second >> 5 != 7
        || version == RESERVED
        || (second >> 1 & 3) != LAYER_3
        || index == 0
        || index == 15
        || rateIndex == 3) {
      return null;
    }
    int bitRate = kilobits(version, index) * 1000;
    int rate = rate(version, rateIndex);
    int padding = third >> 1 & 1;
    int length = samples(version) / 8 * bitRate / rate + padding;
    int channels = window.at(offset + 3) >> 6 == 3 ? 1 : 2;
    return new Mp3Frame(version, bitRate, rate, channels, length);
  }

  private static int rate(int version, int index) {
    int first =
        switch (index) {
          case 0 -> 44_100;
          case 1 -> 48_000;
          default -> 32_000;
        };
    return version == MPEG_1 ? first : version == 2 ? first / 2 : first / 4;
  }

  /**
   * Returns where the first frame begins in a stretch that is at hand: there is a header, and
   * another where the frame ends.
   *
   * @param like what they have to be like; null if anything will do
   * @return -1 if there is none; the next stretch begins at {@link #nextStretch}
   */
  static long find(Window window, long from, int stretch, @Nullable Mp3Frame like) {
    long end = from + stretch;
    for (long at = from; at <= end - HEADER; at++) {
      @Nullable Mp3Frame frame = at(window, at, end);
      if (frame != null && (like == null || like.isLike(frame))) {
        long next = at + frame.length;
        @Nullable Mp3Frame second = next < end ? at(window, next, end) : null;
        boolean last = next == window.objectLength();
        if (last || (second != null && frame.isLike(second))) {
          return at;
        }
      }
    }
    return -1;
  }

  /**
   * Returns where to search on after a stretch in which there was no frame; behind the last there
   * is nothing to search.
   */
  static long nextStretch(Window window, long from, int stretch) {
    long end = from + stretch;
    return end == window.objectLength() ? end : end - LENGTH_MAX - HEADER;
  }

  /** Returns how many samples of each channel a frame has. */
  int samples() {
    return samples(version);
  }

  private static int samples(int version) {
    return version == MPEG_1 ? 1152 : 576;
  }

  /** Returns whether another frame can be of the same stream. */
  boolean isLike(Mp3Frame other) {
    return version == other.version && rate == other.rate;
  }
}
