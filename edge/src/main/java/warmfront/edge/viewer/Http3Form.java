package warmfront.edge.viewer;

import warmfront.edge.step.Head;
import warmfront.http.Fields;

/**
 * The part of a response over HTTP/3 that is the same for every viewer, as a piece of a header
 * block. Made once per head and kept there. Immutable.
 */
final class Http3Form {
  private final byte[] bytes;
  private final boolean dated;

  private Http3Form(byte[] bytes, boolean dated) {
    this.bytes = bytes;
    this.dated = dated;
  }

  /** Returns the form that the head keeps, made if it keeps none. */
  static Http3Form of(Head head) {
    if (head.http3() instanceof Http3Form form) {
      return form;
    }
    Http3Form form = new Http3Form(bytes(head), head.fields().has("Date"));
    head.keepHttp3(form);
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
    HpackBlock block = new HpackBlock();
    QpackLines.line(block, ":status", Integer.toString(head.status()));
    Fields fields = head.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (!Http1Form.isOurs(fields.nameAt(i))) {
        QpackLines.line(block, Ascii.lower(fields.nameAt(i)), fields.valueAt(i).strip());
      }
    }
    if (head.contentLength() >= 0 && !Bodies.bodiless(head.status())) {
      QpackLines.line(block, "content-length", Long.toString(head.contentLength()));
    }
    return block.copy();
  }
}
