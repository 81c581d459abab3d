package warmfront.routing.map;

import java.nio.ByteBuffer;

/** Reads what {@link Packer} wrote, and believes nothing. Owned by one thread. */
final class Unpacker {
  /** The bytes are not what they should be. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String reason) {
      super(reason);
    }
  }

  private final ByteBuffer in;

  Unpacker(ByteBuffer in) {
    this.in = in;
  }

  int octet() {
    return in.get() & 0xff;
  }

  long number() throws Malformed {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      byte group = in.get();
      value |= (group & 0x7fL) << shift;
      if (group >= 0) {
        return value;
      }
    }
    throw new Malformed("a number without end");
  }

  int number(int max) throws Malformed {
    long value = number();
    if (value < 0 || value > max) {
      throw new Malformed("%d, at most %d is allowed".formatted(value, max));
    }
    return (int) value;
  }

  int fixedInt() {
    return in.getInt();
  }

  long fixedLong() {
    return in.getLong();
  }

  void bytes(byte[] into) {
    in.get(into);
  }

  void end() throws Malformed {
    if (in.hasRemaining()) {
      throw new Malformed(in.remaining() + " bytes too many");
    }
  }
}
