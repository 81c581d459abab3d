package warmfront.streaming.rtmp;

import org.jspecify.annotations.Nullable;

/** What a message of a stream holds, with the number of its type (RTMP 1.0, section 7.1). */
public enum MediaKind {
  AUDIO(8, 4),
  VIDEO(9, 6),
  DATA(18, 5);

  private final int type;
  private final int chunkStream;

  MediaKind(int type, int chunkStream) {
    this.type = type;
    this.chunkStream = chunkStream;
  }

  /** Returns the message type: 8, 9 or 18. */
  public int type() {
    return type;
  }

  /** Returns the kind of a message type, or null. */
  static @Nullable MediaKind of(int type) {
    return switch (type) {
      case 8 -> AUDIO;
      case 9 -> VIDEO;
      case 18 -> DATA;
      default -> null;
    };
  }

  /** Returns the chunk stream that we send it on. */
  int chunkStream() {
    return chunkStream;
  }
}
