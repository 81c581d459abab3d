package warmfront.streaming.segment;

import java.nio.ByteBuffer;

/**
 * Reads codecs' headers bit by bit; beyond the end there are zeros, and {@link #isSound} says so.
 */
final class Bits {
  private static final int EXPONENT_MAX = 31;

  private final ByteBuffer bytes;
  private long at;
  private boolean sound = true;

  Bits(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /** Makes a reader of a NAL unit's payload without its emulation prevention (H.264, 7.3.1). */
  static Bits ofUnit(ByteBuffer unit) {
    ByteBuffer plain = ByteBuffer.allocate(unit.remaining());
    int zeros = 0;
    for (int i = unit.position(); i < unit.limit(); i++) {
      byte value = unit.get(i);
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      plain.put(value);
    }
    return new Bits(plain.flip());
  }

  /** Returns whether all that was read was there. */
  boolean isSound() {
    return sound;
  }

  void skip(int count) {
    at += count;
    sound &= at <= 8L * bytes.limit();
  }

  /** Returns the next bits, 31 at most. */
  int next(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | bit();
    }
    return value;
  }

  boolean flag() {
    return bit() == 1;
  }

  /** Returns a number in Exp-Golomb code (H.264, 9.1). */
  int exponential() {
    int zeros = 0;
    while (sound && bit() == 0) {
      zeros++;
      if (zeros > EXPONENT_MAX - 1) {
        sound = false;
      }
    }
    return sound ? (1 << zeros) - 1 + next(zeros) : 0;
  }

  /** Passes a signed number in Exp-Golomb code and returns it (H.264, 9.1.1). */
  int signed() {
    int code = exponential();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }

  private int bit() {
    if (at >= 8L * bytes.limit()) {
      sound = false;
      return 0;
    }
    int value = bytes.get((int) (at >> 3)) >> (7 - (at & 7)) & 1;
    at++;
    return value;
  }
}
