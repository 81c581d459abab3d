package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header blocks of one connection (RFC 7541). A line that is in a table is given as the
 * same object each time, so that what most requests repeat is read and judged once.
 */
final class HpackDecoder {
  /** What the dynamic table may hold: the size that holds until another is announced. */
  static final int TABLE_BYTES_MAX = 4096;

  private static final int NUMBER_SHIFT_MAX = 21; // so that a number stays below 2^29
  private static final int WRONG = -1;

  private final Http2Desk desk;
  private @Nullable HeaderLine[] table = new @Nullable HeaderLine[16];
  private int newest;
  private int count;
  private int tableBytes;
  private int tableBytesMax = TABLE_BYTES_MAX;
  private byte[] block = new byte[0];
  private int at;
  private int end;

  HpackDecoder(Http2Desk desk) {
    this.desk = desk;
  }

  /**
   * Reads a whole block; must be called for each one that comes, wanted or not.
   *
   * @return false if it is not right, which ends the connection (RFC 9113, 4.3)
   */
  boolean decode(byte[] bytes, int length, Consumer<HeaderLine> lines) {
    block = bytes;
    at = 0;
    end = length;
    boolean sized = true; // whether the table's size may still be changed (RFC 7541, 4.2)
    while (at < end) {
      int first = bytes[at];
      if (first < 0) {
        @Nullable HeaderLine known = line(number(0x7F));
        if (known == null) {
          return false;
        }
        lines.accept(known);
        sized = false;
      } else if ((first & 0xE0) == 0x20) {
        if (!sized || !resize(number(0x1F))) {
          return false;
        }
      } else {
        boolean kept = (first & 0x40) != 0;
        @Nullable HeaderLine read = literal(number(kept ? 0x3F : 0x0F));
        if (read == null) {
          return false;
        }
        if (kept) {
          keep(read);
        }
        lines.accept(read);
        sized = false;
      }
    }
    return true;
  }

  private @Nullable HeaderLine literal(int index) {
    if (index == WRONG) {
      return null;
    }
    if (index > 0) {
      @Nullable HeaderLine named = line(index);
      @Nullable String value = named == null ? null : text(false);
      return named == null || value == null ? null : named.with(value);
    }
    @Nullable String name = text(true);
    @Nullable String value = name == null ? null : text(false);
    return name == null || value == null ? null : HeaderLine.of(name, value);
  }

  /** Reads a number (RFC 7541, 5.1); {@link #WRONG} if it does not end or is too large. */
  private int number(int mask) {
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

  private @Nullable String text(boolean isName) {
    if (at >= end) {
      return null;
    }
    boolean coded = block[at] < 0;
    int length = number(0x7F);
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

  private @Nullable HeaderLine line(int index) {
    if (index <= 0) {
      return null;
    }
    if (index <= HpackStatic.SIZE) {
      return HpackStatic.line(index);
    }
    int back = index - HpackStatic.SIZE - 1;
    return back < count ? table[(newest - back) & (table.length - 1)] : null;
  }

  private boolean resize(int bytes) {
    if (bytes == WRONG || bytes > TABLE_BYTES_MAX) {
      return false;
    }
    tableBytesMax = bytes;
    evict(bytes);
    return true;
  }

  private void evict(int bytes) {
    while (tableBytes > bytes) {
      int oldest = (newest - --count) & (table.length - 1);
      @Nullable HeaderLine gone = table[oldest];
      table[oldest] = null;
      tableBytes -= gone == null ? 0 : gone.size();
    }
  }

  // RFC 7541, 4.4: a line larger than the table empties it
  private void keep(HeaderLine line) {
    evict(Math.max(0, tableBytesMax - line.size()));
    if (line.size() > tableBytesMax) {
      return;
    }
    if (count == table.length) {
      grow();
    }
    newest = (newest + 1) & (table.length - 1);
    table[newest] = line;
    count++;
    tableBytes += line.size();
  }

  private void grow() {
    @Nullable HeaderLine[] wider = Arrays.copyOf(table, 2 * table.length);
    for (int back = 0; back < count; back++) {
      wider[count - 1 - back] = table[(newest - back) & (table.length - 1)];
    }
    newest = count - 1;
    table = wider;
  }
}
