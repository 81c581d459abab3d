package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes boxes of ISO media (ISO/IEC 14496-12), nested as they are opened and closed. */
final class Boxes {
  private static final int DEPTH_MAX = 12;

  private final int[] begun = new int[DEPTH_MAX];
  private byte[] bytes;
  private int depth;
  private int length;

  Boxes(int capacity) {
    this.bytes = new byte[capacity];
  }

  Boxes open(String type) {
    begun[depth++] = length;
    return u32(0).text(type);
  }

  /** Opens a full box: one with a version and flags. */
  Boxes open(String type, int version, int flags) {
    return open(type).u32(version << 24 | flags);
  }

  Boxes close() {
    int from = begun[--depth];
    set(from, length - from);
    return this;
  }

  /** Writes an unsigned number into what is written already. */
  void set(int at, int value) {
    ByteBuffer.wrap(bytes).putInt(at, value);
  }

  int length() {
    return length;
  }

  Boxes u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  Boxes u16(int value) {
    return u8(value >> 8).u8(value);
  }

  Boxes u32(long value) {
    return u16((int) (value >> 16)).u16((int) value);
  }

  Boxes u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  Boxes zeros(int count) {
    room(count);
    length += count;
    return this;
  }

  Boxes text(String ascii) {
    return put(ByteBuffer.wrap(ascii.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Writes all that remains in a buffer, whose position stays. */
  Boxes put(ByteBuffer from) {
    int count = from.remaining();
    room(count);
    from.get(from.position(), bytes, length, count);
    length += count;
    return this;
  }

  /** Returns all that was written; every box is closed. */
  byte[] bytes() {
    assert depth == 0 : "an open box";
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void room(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
