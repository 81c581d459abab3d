package warmfront.edge.viewer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads header blocks over HTTP/3 (RFC 9204, section 4.5). We announce a dynamic table of no size,
 * so that a block needs nothing but itself: none waits for another stream, and no viewer has memory
 * kept for it. One per loop; keeps nothing from one block to the next.
 */
final class QpackDecoder {
  private final HpackReader in;

  QpackDecoder(Http2Desk desk) {
    in = new HpackReader(desk);
  }

  /**
   * Reads a whole block.
   *
   * @return false if it is not right, which ends the connection (RFC 9204, section 2.2)
   */
  boolean decode(byte[] bytes, int length, Consumer<HeaderLine> lines) {
    in.begin(bytes, length);
    if (!in.hasMore() || in.number(0xFF) != 0) { // required insert count
      return false;
    }
    if (!in.hasMore() || in.number(0x7F) == HpackReader.WRONG) { // base, of nothing
      return false;
    }
    while (in.hasMore()) {
      @Nullable HeaderLine line = line(in.peek());
      if (line == null) {
        return false;
      }
      lines.accept(line);
    }
    return true;
  }

  private @Nullable HeaderLine line(int first) {
    if ((first & 0xC0) == 0xC0) {
      return known(in.number(0x3F));
    }
    if ((first & 0xF0) == 0x50 || (first & 0xF0) == 0x70) {
      @Nullable HeaderLine named = known(in.number(0x0F));
      @Nullable String value = named == null ? null : in.text(false);
      return named == null || value == null ? null : named.with(value);
    }
    if ((first & 0xE0) == 0x20) {
      @Nullable String name = in.text(0x07, true);
      @Nullable String value = name == null ? null : in.text(false);
      return name == null || value == null ? null : HeaderLine.of(name, value);
    }
    return null; // of the dynamic table
  }

  private static @Nullable HeaderLine known(int index) {
    return index >= 0 && index < QpackStatic.SIZE ? QpackStatic.line(index) : null;
  }
}
