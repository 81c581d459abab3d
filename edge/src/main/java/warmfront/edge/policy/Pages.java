package warmfront.edge.policy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import warmfront.bytes.Slice;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Body;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Fetched.Failed;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Responses that the edge makes itself. */
public final class Pages {
  private Pages() {}

  /** Returns the page for a request that is not served; 400 closes the connection. */
  public static Response refused(Request request, Refused refused) {
    return because(
        request, refused.reason(), refused.status(), refused.detail(), refused.status() == 400);
  }

  /**
   * Returns the page for an origin that gave no answer; the operator's detail is not in it.
   *
   * @param stamp what the cache did
   */
  public static Response failed(Request request, Failed failed, Stamp stamp) {
    if (failed.status() == 503) {
      return overloaded(request);
    }
    Response page =
        because(request, failed.reason(), failed.status(), sentence(failed.reason()), false);
    return new Response(
        page.head(),
        new Stamp(request.id(), ResultType.ERROR, -1, stamp.cacheStatus()),
        page.body(),
        false);
  }

  /** Returns the page for an error of the edge. */
  public static Response internal(Request request) {
    return because(
        request,
        Reason.INTERNAL,
        500,
        "The edge could not answer because of an error of its own.",
        true);
  }

  /** Returns the page for a request that the edge has no room for, or no time because it stops. */
  public static Response overloaded(Request request) {
    Response page =
        because(
            request,
            Reason.OVERLOADED,
            503,
            "This edge cannot take the request; ask again.",
            false);
    return new Response(
        page.head(),
        new Stamp(request.id(), ResultType.CAPACITY_EXCEEDED, -1, null),
        page.body(),
        true);
  }

  /** Returns the page for what is not in the cache and not to be fetched (RFC 9111, 5.2.1.7). */
  public static Response notCached(Request request) {
    return error(
        request, 504, "It is not in the cache, and only-if-cached asks for no more.", false);
  }

  /** Returns the page for a piece of a presentation that there is not, or that cannot be had. */
  public static Response lacking(Request request, int status, String detail) {
    return error(request, status, detail, false);
  }

  /** Returns a page for any status of an error. */
  static Response error(Request request, int status, String detail, boolean close) {
    return asAsked(request, ErrorPage.response(status, detail, request.id(), close));
  }

  private static Response because(
      Request request, Reason reason, int status, String detail, boolean close) {
    return asAsked(request, ErrorPage.because(reason, status, detail, request.id(), close));
  }

  private static Response asAsked(Request request, Response page) {
    return request.method().equals(Method.HEAD)
        ? new Response(page.head(), page.stamp(), new Body.None(), page.close())
        : page;
  }

  /** Returns the redirect to HTTPS, or to another location. */
  public static Response redirected(Request request, Redirected redirected) {
    byte[] text = ("See " + redirected.location() + "\n").getBytes(StandardCharsets.UTF_8);
    Fields fields =
        Fields.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "Location",
            redirected.location(),
            "Server",
            "Warmfront");
    return new Response(
        new Head(redirected.status(), fields, text.length),
        new Stamp(request.id(), ResultType.REDIRECT, -1, null),
        request.method().equals(Method.HEAD)
            ? new Body.None()
            : new Body.Pinned(Slice.of(text), 0, text.length),
        false);
  }

  /** Returns what viewers are told of a failure, without anything of the operator's. */
  public static String sentence(Reason reason) {
    return switch (reason) {
      case ORIGIN_DNS -> "The origin's name could not be resolved.";
      case ORIGIN_REFUSED -> "The origin could not be connected to.";
      case ORIGIN_UNREACHED -> "The origin could not be connected to in time.";
      case ORIGIN_NOT_ALLOWED -> "The origin's address is not one that this edge may ask.";
      case ORIGIN_TLS -> "No trusted TLS connection to the origin could be made.";
      case ORIGIN_TIMEOUT -> "The origin did not answer in time.";
      case ORIGIN_BROKE_OFF -> "The origin broke the connection off before it answered.";
      case ORIGIN_INVALID -> "The origin's answer was not valid HTTP.";
      case ORIGIN_HEADER_TOO_LARGE -> "The header of the origin's answer was too large.";
      case BODY_TOO_LARGE -> "The body is longer than what is passed on to this origin.";
      case MALFORMED,
          TARGET_TOO_LONG,
          HEADER_TOO_LARGE,
          REQUEST_TIMEOUT,
          UNKNOWN_HOST,
          DISABLED,
          MISDIRECTED,
          METHOD_NOT_ALLOWED,
          BODY_ON_GET,
          GRPC_VERSION,
          HTTPS_ONLY,
          LOOP,
          GEO_BLOCKED,
          NOT_SIGNED,
          FORM_REFUSED,
          OVERLOADED,
          ADDRESS_LIMIT,
          INTERNAL ->
          "The request could not be satisfied (" + reason.name().toLowerCase(Locale.ROOT) + ").";
    };
  }
}
