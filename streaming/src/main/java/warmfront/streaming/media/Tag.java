package warmfront.streaming.media;

import java.nio.ByteBuffer;
import warmfront.bytes.Slice;

/**
 * A piece of audio, video or script as FLV and RTMP carry it (FLV 10.1, annex E.4).
 *
 * @param kind what it is
 * @param millis when it is decoded, in milliseconds from the stream's own beginning
 * @param payload its bytes, the codec's own head included; on the heap, so nobody has to release it
 */
public record Tag(Kind kind, long millis, Slice payload) {
  /** What a tag is; RTMP's message types are the same numbers (RTMP 1.0, section 7.1). */
  public enum Kind {
    AUDIO(8),
    VIDEO(9),
    SCRIPT(18);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** Returns its number in FLV and RTMP. */
    public int number() {
      return number;
    }
  }

  /** Returns whether it has what a decoder of H.264, enhanced video or AAC has to know first. */
  public boolean isConfiguration() {
    ByteBuffer bytes = payload.buffer();
    if (kind == Kind.SCRIPT || bytes.remaining() < 2) {
      return false;
    }
    int first = bytes.get(0);
    boolean isFirst = bytes.get(1) == 0;
    return kind == Kind.AUDIO
        ? (first & 0xF0) == 0xA0 && isFirst
        : first < 0 ? (first & 15) == 0 : (first & 15) == 7 && isFirst;
  }
}
