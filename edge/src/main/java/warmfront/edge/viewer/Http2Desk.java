package warmfront.edge.viewer;

import warmfront.edge.step.Protocol;

/** What one loop's connections of one version share, HTTP/2 or 3: names, and room to work in. */
final class Http2Desk {
  private final NameTable names = new NameTable();
  private final Http2Parser parser;
  private final HpackBlock block = new HpackBlock();
  private byte[] plain = new byte[1024];
  private byte[] fragment = new byte[1024];

  Http2Desk(Limits limits, Protocol protocol) {
    parser = new Http2Parser(limits.message(), protocol);
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
