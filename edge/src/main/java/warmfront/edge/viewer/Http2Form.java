package warmfront.edge.viewer;

import warmfront.edge.step.Head;
import warmfront.http.Fields;

/**
 * The part of a response over HTTP/2 that is the same for every viewer, as a piece of a header
 * block that no table keeps and that fits any connection. Made once per head and kept there.
 * Immutable.
 */
final class Http2Form {
  private final byte[] bytes;
  private final boolean dated;

  private Http2Form(byte[] bytes, boolean dated) {
    this.bytes = bytes;
    this.dated = dated;
  }

  /** Returns the form that the head keeps, made if it keeps none. */
  static Http2Form of(Head head) {
    if (head.http2() instanceof Http2Form form) {
      return form;
    }
    Http2Form form = new Http2Form(bytes(head), head.fields().has("Date"));
    head.keepHttp2(form);
    return form;
  }

  /** Returns {@code :status} and fields; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns whether Date is among the fields. */
  boolean dated() {
    return dated;
  }

  private static byte[] bytes(Head head) {
    HpackBlock block = new HpackBlock().status(head.status());
    Fields fields = head.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (!Http1Form.isOurs(fields.nameAt(i))) {
        block.line(Ascii.lower(fields.nameAt(i)), fields.valueAt(i).strip());
      }
    }
    if (head.contentLength() >= 0 && !Bodies.bodiless(head.status())) {
      block.line("content-length", Long.toString(head.contentLength()));
    }
    return block.copy();
  }
}
