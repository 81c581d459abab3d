package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;

/** A number of QUIC (RFC 9000, section 16), which may come in pieces. */
final class Http3Number {
  private static final int LENGTH_BITS = 6;

  private long value;
  private int left;
  private boolean begun;

  /** Returns whether its first byte has come and its last has not. */
  boolean isInside() {
    return begun;
  }

  /** Reads on; returns whether it is whole now, for {@link #take}. */
  boolean read(ByteBuf in) {
    while (in.isReadable()) {
      int next = in.readUnsignedByte();
      if (begun) {
        value = value << Byte.SIZE | next;
        left--;
      } else {
        begun = true;
        left = (1 << (next >>> LENGTH_BITS)) - 1;
        value = next & ((1 << LENGTH_BITS) - 1);
      }
      if (left == 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number that was read, and makes room for the next. */
  long take() {
    begun = false;
    return value;
  }

  /** Writes a number from 0 to 2^62 - 1 in the shortest way. */
  static void write(ByteBuf out, long number) {
    if (number < 1 << 6) {
      out.writeByte((int) number);
    } else if (number < 1 << 14) {
      out.writeShort((int) number | 0x4000);
    } else if (number < 1 << 30) {
      out.writeInt((int) number | 0x8000_0000);
    } else {
      out.writeLong(number | 0xC000_0000_0000_0000L);
    }
  }
}
