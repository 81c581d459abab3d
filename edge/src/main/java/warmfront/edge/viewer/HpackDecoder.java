package warmfront.edge.viewer;

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

  private final HpackReader in;
  private @Nullable HeaderLine[] table = new @Nullable HeaderLine[16];
  private int newest;
  private int count;
  private int tableBytes;
  private int tableBytesMax = TABLE_BYTES_MAX;

  HpackDecoder(Http2Desk desk) {
    in = new HpackReader(desk);
  }

  /**
   * Reads a whole block; must be called for each one that comes, wanted or not.
   *
   * @return false if it is not right, which ends the connection (RFC 9113, 4.3)
   */
  boolean decode(byte[] bytes, int length, Consumer<HeaderLine> lines) {
    in.begin(bytes, length);
    boolean sized = true; // whether the table's size may still be changed (RFC 7541, 4.2)
    while (in.hasMore()) {
      int first = in.peek();
      if (first < 0) {
        @Nullable HeaderLine known = line(in.number(0x7F));
        if (known == null) {
          return false;
        }
        lines.accept(known);
        sized = false;
      } else if ((first & 0xE0) == 0x20) {
        if (!sized || !resize(in.number(0x1F))) {
          return false;
        }
      } else {
        boolean kept = (first & 0x40) != 0;
        @Nullable HeaderLine read = literal(in.number(kept ? 0x3F : 0x0F));
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
    if (index == HpackReader.WRONG) {
      return null;
    }
    if (index > 0) {
      @Nullable HeaderLine named = line(index);
      @Nullable String value = named == null ? null : in.text(false);
      return named == null || value == null ? null : named.with(value);
    }
    @Nullable String name = in.text(true);
    @Nullable String value = name == null ? null : in.text(false);
    return name == null || value == null ? null : HeaderLine.of(name, value);
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
    if (bytes == HpackReader.WRONG || bytes > TABLE_BYTES_MAX) {
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
