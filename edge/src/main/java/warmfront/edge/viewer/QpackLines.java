package warmfront.edge.viewer;

/**
 * Lines of a header block over HTTP/3 as they are written (RFC 9204, section 4.5): from the static
 * table or as they are, so that no response ever waits for what another stream brings.
 */
final class QpackLines {
  private QpackLines() {}

  /** Begins a block that needs nothing of a dynamic table (section 4.5.1). */
  static HpackBlock begin(HpackBlock block) {
    return block.number(0x00, 0xFF, 0).number(0x00, 0x7F, 0);
  }

  /** Adds a line as a whole, in the shortest way; for what is written once and kept. */
  static HpackBlock line(HpackBlock block, String name, String value) {
    int known = QpackStatic.index(name, value);
    return known >= 0 ? block.number(0xC0, 0x3F, known) : name(block, name).shortText(value);
  }

  /** Begins a line with its name; its value follows (sections 4.5.4 and 4.5.6). */
  static HpackBlock name(HpackBlock block, String name) {
    int known = QpackStatic.index(name);
    return known >= 0 ? block.number(0x50, 0x0F, known) : block.shortText(0x20, 0x07, name);
  }
}
