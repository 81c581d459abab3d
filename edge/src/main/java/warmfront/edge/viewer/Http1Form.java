package warmfront.edge.viewer;

import warmfront.edge.step.Head;
import warmfront.edge.step.ResultType;
import warmfront.http.FieldNames;
import warmfront.http.Fields;
import warmfront.http.Lines;
import warmfront.http.Status;

/**
 * The part of a response over HTTP/1 that is the same for every viewer, ready to be copied. Made
 * once per head and kept there. Immutable.
 */
final class Http1Form {
  /** Fields of framing and connection, and those that the viewers' room writes itself. */
  private static final FieldNames OURS =
      FieldNames.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "age",
          "via",
          "x-cache",
          "x-amz-cf-pop",
          "x-amz-cf-id",
          "cache-status");

  private static final String LENGTH = "Content-Length";

  private final byte[] bytes;
  private final boolean dated;

  private Http1Form(byte[] bytes, boolean dated) {
    this.bytes = bytes;
    this.dated = dated;
  }

  /** Returns the form that the head keeps, made if it keeps none. */
  static Http1Form of(Head head) {
    if (head.http1() instanceof Http1Form form) {
      return form;
    }
    Http1Form form = new Http1Form(bytes(head), head.fields().has("Date"));
    head.keepHttp1(form);
    return form;
  }

  /** Returns status line and fields, each with its line end; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns whether Date is among the fields. */
  boolean dated() {
    return dated;
  }

  private static byte[] bytes(Head head) {
    String begin = "HTTP/1.1 " + head.status() + " " + Status.phrase(head.status()) + "\r\n";
    boolean sized = head.contentLength() >= 0 && !Bodies.bodiless(head.status());
    String length = sized ? Long.toString(head.contentLength()) : "";
    Fields fields = head.fields();
    int size = begin.length() + (sized ? Lines.length(LENGTH, length) : 0);
    for (int i = 0; i < fields.size(); i++) {
      if (!isOurs(fields.nameAt(i))) {
        size += Lines.length(fields.nameAt(i), fields.valueAt(i));
      }
    }
    byte[] bytes = new byte[size];
    int at = Lines.put(begin, bytes, 0);
    for (int i = 0; i < fields.size(); i++) {
      if (!isOurs(fields.nameAt(i))) {
        at = Lines.put(fields.nameAt(i), fields.valueAt(i), bytes, at);
      }
    }
    if (sized) {
      Lines.put(LENGTH, length, bytes, at);
    }
    return bytes;
  }

  /** Returns whether a field is never taken from a head. */
  static boolean isOurs(String name) {
    return OURS.has(name);
  }

  /** Returns X-Cache (CloudFront's wording). */
  static String xCache(ResultType result) {
    return result.logName() + " from cloudfront";
  }
}
