package warmfront.routing.map;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes numbers into bytes that grow. Owned by one thread. */
final class Packer {
  private byte[] bytes;
  private int size;

  Packer(int expected) {
    this.bytes = new byte[expected];
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  void octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  /** Writes a number from 0 up in as many groups of seven bits as it needs, lowest first. */
  void number(long value) {
    room(10);
    long rest = value;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void fixedInt(int value) {
    room(Integer.BYTES);
    ByteBuffer.wrap(bytes).putInt(size, value);
    size += Integer.BYTES;
  }

  void fixedLong(long value) {
    room(Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(size, value);
    size += Long.BYTES;
  }

  void bytes(byte[] more) {
    append(more, more.length);
  }

  void all(Packer other) {
    append(other.bytes, other.size);
  }

  private void append(byte[] more, int length) {
    room(length);
    System.arraycopy(more, 0, bytes, size, length);
    size += length;
  }

  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }

  /** Returns what was written in memory of just its size, read-only. */
  ByteBuffer trimmed() {
    return ByteBuffer.wrap(Arrays.copyOf(bytes, size)).asReadOnlyBuffer();
  }
}
