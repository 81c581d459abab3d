package warmfront.streaming.rtmp;

/**
 * What is known of a message of audio, video or data before its bytes.
 *
 * @param kind what it holds
 * @param streamId the message stream that it is sent on
 * @param millis its timestamp; only the lower 32 bits are sent
 * @param prefix what goes before its body, most significant byte first, right-aligned
 * @param prefixLength its length in bytes, 0 to 8
 * @param bodyLength the bytes that follow, at least 0
 */
public record MediaHead(
    MediaKind kind, int streamId, long millis, long prefix, int prefixLength, int bodyLength) {
  /** The longest message there is: its length has 24 bits (RTMP 1.0, section 5.3.1.2.1). */
  public static final int LENGTH_MAX = 0xFFFFFF;

  public MediaHead {
    if (prefixLength < 0 || prefixLength > 8) {
      throw new IllegalArgumentException("prefixLength is 0 to 8: " + prefixLength);
    }
    if (bodyLength < 0 || bodyLength > LENGTH_MAX - prefixLength) {
      throw new IllegalArgumentException("bodyLength is 0 to 16777215: " + bodyLength);
    }
  }

  /** Makes the head of a message without a prefix. */
  public MediaHead(MediaKind kind, int streamId, long millis, int bodyLength) {
    this(kind, streamId, millis, 0, 0, bodyLength);
  }

  /** Returns the length of the whole message. */
  int length() {
    return prefixLength + bodyLength;
  }
}
