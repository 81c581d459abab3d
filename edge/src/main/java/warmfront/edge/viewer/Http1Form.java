package warmfront.edge.viewer;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import warmfront.edge.step.Head;
import warmfront.edge.step.ResultType;
import warmfront.http.Fields;
import warmfront.http.Status;

/**
 * The part of a response over HTTP/1 that is the same for every viewer, ready to be copied. Made
 * once per head and kept there. Immutable.
 */
final class Http1Form {
  /** Fields of framing and connection, and those that the viewers' room writes itself. */
  private static final Set<String> OURS =
      Set.of(
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
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    line(out, "HTTP/1.1 " + head.status() + " " + Status.phrase(head.status()));
    Fields fields = head.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (!isOurs(fields.nameAt(i))) {
        line(out, fields.nameAt(i) + ": " + fields.valueAt(i));
      }
    }
    if (head.contentLength() >= 0 && !Bodies.bodiless(head.status())) {
      line(out, "Content-Length: " + head.contentLength());
    }
    return out.toByteArray();
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes(Ascii.bytes(text));
    out.write('\r');
    out.write('\n');
  }

  /** Returns whether a field is never taken from a head. */
  static boolean isOurs(String name) {
    return OURS.contains(Ascii.lower(name));
  }

  /** Returns X-Cache (CloudFront's wording). */
  static String xCache(ResultType result) {
    return result.logName() + " from cloudfront";
  }
}
