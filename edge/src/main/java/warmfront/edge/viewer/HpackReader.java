package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * The numbers and texts that a header block is made of (RFC 7541, section 5), which QPACK takes
 * from HPACK (RFC 9204, section 4.1). Reads one block at a time.
 */
final class HpackReader {
  /** What {@link #number} gives if there is no right one. */
  static final int WRONG = -1;

  private static final int NUMBER_SHIFT_MAX = 21; // so that a number stays below 2^29

  private final Http2Desk desk;
  private byte[] block = new byte[0];
  private int at;
  private int end;

  HpackReader(Http2Desk desk) {
    this.desk = desk;
  }

  /** Begins with a block, lent until its end is read. */
  void begin(byte[] bytes, int length) {
    block = bytes;
    at = 0;
    end = length;
  }

  /** Returns whether a byte is left. */
  boolean hasMore() {
    return at < end;
  }

  /** Returns the byte that comes next, which is not taken; there must be one. */
  int peek() {
    return block[at];
  }

  /**
   * Reads a number whose first byte has room for {@code mask}; there must be a byte. {@link #WRONG}
   * if it does not end or is too large.
   */
  int number(int mask) {
    int number = block[at++] & mask;
    if (number < mask) {
      return number;
    }
    for (int shift = 0; at < end && shift <= NUMBER_SHIFT_MAX; shift += 7) {
      int next = block[at++];
      number += (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    return WRONG;
  }

  /** Reads a name or value whose length takes up all bits but the one of its coding. */
  @Nullable String text(boolean isName) {
    return text(0x7F, isName);
  }

  /**
   * Reads a name or value.
   *
   * @param mask the bits of the first byte that are of its length; the next one says its coding
   * @return null if it is not right
   */
  @Nullable String text(int mask, boolean isName) {
    if (at >= end) {
      return null;
    }
    boolean coded = (block[at] & (mask + 1)) != 0;
    int length = number(mask);
    if (length == WRONG || length > end - at) {
      return null;
    }
    int from = at;
    at += length;
    if (!coded) {
      return string(block, from, at, isName);
    }
    byte[] plain = desk.plain(length * 8 / 5 + 1);
    int size = Huffman.decode(block, from, at, plain);
    return size < 0 ? null : string(plain, 0, size, isName);
  }

  private String string(byte[] bytes, int from, int to, boolean isName) {
    return isName && to > from
        ? desk.names().text(bytes, from, to)
        : new String(bytes, from, to - from, ISO_8859_1);
  }
}
