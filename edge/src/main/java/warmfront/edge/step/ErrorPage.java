package warmfront.edge.step;

import java.nio.charset.StandardCharsets;
import warmfront.bytes.Slice;
import warmfront.http.Fields;
import warmfront.http.Status;

/** The small HTML page of errors that the edge itself makes; it names the request's id. */
public final class ErrorPage {
  private ErrorPage() {}

  /**
   * Returns the page.
   *
   * @param detail one sentence for the viewer; escaped here
   */
  public static byte[] html(int status, String detail, String requestId) {
    String title = status + " " + Status.phrase(status);
    return ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
            + title
            + "</title></head>\n<body><h1>"
            + title
            + "</h1>\n<p>"
            + escaped(detail)
            + "</p>\n<hr><p>Warmfront &middot; request id "
            + escaped(requestId)
            + "</p></body></html>\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the page as a response with {@code X-Cache: Error}, without Age and Cache-Status.
   *
   * @param close whether the connection is closed after it
   */
  public static Response response(int status, String detail, String requestId, boolean close) {
    byte[] page = html(status, detail, requestId);
    Fields fields = Fields.of("Content-Type", "text/html; charset=utf-8", "Server", "Warmfront");
    return new Response(
        new Head(status, fields, page.length),
        new Stamp(requestId, ResultType.ERROR, -1, null),
        new Body.Pinned(Slice.of(page), 0, page.length),
        close);
  }

  /** Returns the page as {@link #response}, with why in Proxy-Status (RFC 9209). */
  public static Response because(
      Reason reason, int status, String detail, String requestId, boolean close) {
    Response page = response(status, detail, requestId, close);
    Fields fields = page.head().fields().with("Proxy-Status", reason.proxyStatus());
    Head head = new Head(status, fields, page.head().contentLength());
    return new Response(head, page.stamp(), page.body(), close);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
