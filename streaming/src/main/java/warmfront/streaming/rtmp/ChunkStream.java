package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** What is known of one chunk stream of the peer: its last header and the message under way. */
final class ChunkStream {
  private static final byte[] NONE = new byte[0];

  /** Room that a message is given at first, before its bytes have come. */
  private static final int FIRST_ROOM = 65_536;

  final int id;
  int type;
  int streamId;
  int length;

  /** Of the message, in milliseconds, 0 to 2^32 - 1. */
  long timestamp;

  /**
   * The timestamp field as it was sent last, a delta or not; what a message without one repeats.
   */
  long field;

  /** Whether that was sent as an extended timestamp. */
  boolean isExtended;

  private byte[] payload = NONE;
  private int filled;
  private boolean isUnderWay;

  ChunkStream(int id) {
    this.id = id;
  }

  boolean isUnderWay() {
    return isUnderWay;
  }

  void begin() {
    isUnderWay = true;
    filled = 0;
  }

  int missing() {
    return length - filled;
  }

  /** Returns the room that is held for the message under way. */
  int room() {
    return payload.length;
  }

  /** Returns how much more room it takes to receive so many bytes. */
  int growth(int count) {
    int need = filled + count;
    return need <= payload.length ? 0 : roomFor(need) - payload.length;
  }

  private int roomFor(int need) {
    return Math.min(length, Math.max(Math.max(FIRST_ROOM, need), payload.length * 2));
  }

  /** Takes bytes of the message; no more than are missing. */
  void fill(ByteBuf in, int count) {
    int need = filled + count;
    if (need > payload.length) {
      payload = Arrays.copyOf(payload, roomFor(need));
    }
    in.readBytes(payload, filled, count);
    filled = need;
  }

  /** Returns the message's bytes, which are complete, and forgets them. */
  byte[] take() {
    byte[] whole = payload;
    drop();
    return whole;
  }

  /** Forgets the message under way. */
  void drop() {
    payload = NONE;
    filled = 0;
    isUnderWay = false;
  }
}
