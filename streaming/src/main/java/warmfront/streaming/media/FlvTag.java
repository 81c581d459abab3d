package warmfront.streaming.media;

import org.jspecify.annotations.Nullable;

/**
 * The head of a tag in a file (FLV 10.1, annex E.4.1), and what its first bytes say.
 *
 * @param kind what it is
 * @param begin where its payload begins in the file
 * @param length bytes of its payload
 * @param millis its timestamp
 * @param content what it has for a decoder
 * @param fourCc its codec's name in Enhanced RTMP; 0 if it has none
 */
record FlvTag(Tag.Kind kind, long begin, int length, long millis, Content content, int fourCc) {
  /** What a tag has for a decoder. */
  enum Content {
    /** Something with which it can begin. */
    KEY,
    /** Something that needs what came before. */
    INTER,
    /** What it has to know first. */
    CONFIGURATION,
    /** Nothing: script data, or the end of a sequence. */
    NOTHING
  }

  /** Bytes before the payload. */
  static final int HEAD = 11;

  /** Bytes that have to be at hand, if the file has as many. */
  static final int LOOK = HEAD + 5;

  /** Bytes after the payload: the tag's own length again. */
  static final int TRAILER = 4;

  private static final int ENHANCED = 0x80;
  private static final int ENHANCED_AUDIO = 9;
  private static final int AVC = 7;
  private static final int HEVC = 12; // not Adobe's, but widely written
  private static final int AAC = 10;
  private static final int SEQUENCE_START = 0;
  private static final int SEQUENCE_END = 2;

  /**
   * Reads the head of a tag.
   *
   * @return null if there is none there
   */
  static @Nullable FlvTag at(Window window, long offset) {
    Tag.@Nullable Kind kind = kind(window.at(offset));
    if (kind == null) {
      return null;
    }
    int length = u24(window, offset + 1);
    long millis = u24(window, offset + 4) | window.at(offset + 7) << 24;
    long begin = offset + HEAD;
    long there = Math.min(length, window.objectLength() - begin);
    int first = there > 0 ? window.at(begin) : 0;
    int second = there > 1 ? window.at(begin + 1) : -1;
    boolean named =
        switch (kind) {
          case VIDEO -> (first & ENHANCED) != 0;
          case AUDIO -> first >> 4 == ENHANCED_AUDIO;
          case SCRIPT -> false;
        };
    Content content =
        switch (kind) {
          case VIDEO -> video(first, named ? first & 0xf : second, named);
          case AUDIO -> audio(first, named ? first & 0xf : second, named);
          case SCRIPT -> Content.NOTHING;
        };
    int fourCc = named && there > 4 ? i32(window, begin + 1) : 0;
    return new FlvTag(kind, begin, length, millis, content, fourCc);
  }

  private static Content video(int first, int packet, boolean named) {
    int codec = first & 0xf;
    if (named || codec == AVC || codec == HEVC) {
      if (packet == SEQUENCE_START) {
        return Content.CONFIGURATION;
      }
      if (packet == SEQUENCE_END) {
        return Content.NOTHING;
      }
    }
    return (first >> 4 & 7) == 1 ? Content.KEY : Content.INTER;
  }

  private static Content audio(int first, int packet, boolean named) {
    boolean configures = (named || first >> 4 == AAC) && packet == SEQUENCE_START;
    return configures ? Content.CONFIGURATION : Content.KEY;
  }

  /** Returns where the next tag begins. */
  long end() {
    return begin + length + TRAILER;
  }

  /** Returns whether it shows or sounds something. */
  boolean isFrame() {
    return content == Content.KEY || content == Content.INTER;
  }

  private static Tag.@Nullable Kind kind(int type) {
    return switch (type) {
      case 8 -> Tag.Kind.AUDIO;
      case 9 -> Tag.Kind.VIDEO;
      case 18 -> Tag.Kind.SCRIPT;
      default -> null; // an encrypted one too: nobody could decode it
    };
  }

  private static int u24(Window window, long offset) {
    return window.at(offset) << 16 | window.at(offset + 1) << 8 | window.at(offset + 2);
  }

  private static int i32(Window window, long offset) {
    return window.at(offset) << 24 | u24(window, offset + 1);
  }
}
