package warmfront.edge.viewer;

import java.util.Arrays;

/**
 * A header block, or a part of one, being written (RFC 7541). {@link QpackLines} writes lines of
 * HTTP/3 into it.
 */
final class HpackBlock {
  private byte[] bytes = new byte[512];
  private int size;

  HpackBlock clear() {
    size = 0;
    return this;
  }

  /** Returns the array it is in, from 0; not to be kept. */
  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /** Adds what is encoded already. */
  HpackBlock encoded(byte[] part) {
    room(part.length);
    System.arraycopy(part, 0, bytes, size, part.length);
    size += part.length;
    return this;
  }

  /** Adds a line that is in a table (section 6.1). */
  HpackBlock indexed(int index) {
    return number(0x80, 0x7F, index);
  }

  /** Begins a line that a table may keep, with a name from a table (section 6.2.1). */
  HpackBlock kept(int nameIndex) {
    return number(0x40, 0x3F, nameIndex);
  }

  /** Begins a line that is kept nowhere, with a name from a table (section 6.2.2). */
  HpackBlock unkept(int nameIndex) {
    return number(0x00, 0x0F, nameIndex);
  }

  /** Adds a name or value as it is; its characters are bytes (section 5.2). */
  @SuppressWarnings("deprecation") // the one way to copy characters as bytes without an array
  HpackBlock text(String text) {
    int length = text.length();
    number(0x00, 0x7F, length);
    room(length);
    text.getBytes(0, length, bytes, size);
    size += length;
    return this;
  }

  /** Adds a value of two parts as it is. */
  @SuppressWarnings("deprecation") // the one way to copy characters as bytes without an array
  HpackBlock text(String first, String second) {
    int length = first.length() + second.length();
    number(0x00, 0x7F, length);
    room(length);
    first.getBytes(0, first.length(), bytes, size);
    second.getBytes(0, second.length(), bytes, size + first.length());
    size += length;
    return this;
  }

  /** Adds a name or value, Huffman-coded if that is shorter: for what is written once and kept. */
  HpackBlock shortText(String text) {
    return shortText(0x00, 0x7F, text);
  }

  /** Adds a text behind the bits of a pattern; the bit above the mask says its coding. */
  HpackBlock shortText(int pattern, int mask, String text) {
    byte[] plain = Ascii.bytes(text);
    int length = Huffman.size(plain);
    boolean coded = length < plain.length;
    number(coded ? pattern | (mask + 1) : pattern, mask, coded ? length : plain.length);
    if (!coded) {
      return encoded(plain);
    }
    room(length);
    Huffman.encode(plain, bytes, size);
    size += length;
    return this;
  }

  /** Adds a value that is a number of at least 0, in decimal. */
  HpackBlock decimal(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    room(1 + digits);
    bytes[size++] = (byte) digits;
    long rest = number;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Adds a line as a whole, its name from the static table if it is there; kept nowhere. */
  HpackBlock line(String name, String value) {
    int index = HpackStatic.index(name);
    unkept(index);
    if (index == 0) {
      shortText(name);
    }
    return shortText(value);
  }

  /** Adds {@code :status} (section 6.1, or 6.2.2 with the name of index 8). */
  HpackBlock status(int status) {
    for (int i = 8; i <= 14; i++) {
      if (HpackStatic.line(i).value().equals(Integer.toString(status))) {
        return indexed(i);
      }
    }
    return unkept(8).text(Integer.toString(status));
  }

  /** Announces the size of the table that is used from now on (section 6.3). */
  HpackBlock tableSize(int tableBytes) {
    return number(0x20, 0x1F, tableBytes);
  }

  /** Adds a number behind the bits of a pattern (section 5.1). */
  HpackBlock number(int pattern, int mask, int number) {
    room(6);
    if (number < mask) {
      bytes[size++] = (byte) (pattern | number);
      return this;
    }
    bytes[size++] = (byte) (pattern | mask);
    int rest = number - mask;
    for (; rest >= 0x80; rest >>>= 7) {
      bytes[size++] = (byte) (rest | 0x80);
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  private void room(int needed) {
    if (bytes.length - size < needed) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length + needed);
    }
  }
}
