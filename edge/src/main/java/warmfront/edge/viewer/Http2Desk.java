package warmfront.edge.viewer;

/** What the HTTP/2 connections of one loop share: names, and room to work in. */
final class Http2Desk {
  private final NameTable names = new NameTable();
  private final Http2Parser parser;
  private final HpackBlock block = new HpackBlock();
  private byte[] plain = new byte[1024];
  private byte[] fragment = new byte[1024];

  Http2Desk(Limits limits) {
    parser = new Http2Parser(limits.message());
  }

  NameTable names() {
    return names;
  }

  /** Returns the parser of request heads, lent until its {@link Http2Parser#end} is called. */
  Http2Parser parser() {
    return parser;
  }

  /** Returns an empty block, lent until the caller returns. */
  HpackBlock block() {
    return block.clear();
  }

  /** Returns room for a text, lent until the caller returns. */
  byte[] plain(int length) {
    if (plain.length < length) {
      plain = new byte[length];
    }
    return plain;
  }

  /** Returns room for a header block in one frame, lent until the caller returns. */
  byte[] fragment(int length) {
    if (fragment.length < length) {
      fragment = new byte[length];
    }
    return fragment;
  }
}
