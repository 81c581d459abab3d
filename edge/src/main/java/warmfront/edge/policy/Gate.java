package warmfront.edge.policy;

import java.util.Locale;
import java.util.Optional;
import warmfront.distribution.Distribution;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

/** Step 3, admit: whether a request that found its behavior is served. */
public final class Gate {
  /** How the edge names itself in CDN-Loop (RFC 8586). */
  static final String CDN_ID = "warmfront";

  /** The most distributions that one request may go through (CloudFront: not more than two). */
  static final int CHAIN_MAX = 2;

  private static final int HTTPS_PORT = 443;

  private Gate() {}

  /**
   * Judges a request.
   *
   * @param directions where its viewer may be served better than here
   */
  public static Admission admit(Route route, Request request, Directions directions) {
    Distribution distribution = route.site().distribution();
    if (!distribution.enabled()) {
      return new Refused(403, Reason.DISABLED, "This distribution is disabled.");
    }
    if (timesSeen(request) > CHAIN_MAX) {
      return new Refused(403, Reason.LOOP, "The request went through too many distributions.");
    }
    if (!request.place().secure()) {
      switch (route.behavior().viewerProtocol()) {
        case ALLOW_ALL -> {}
        case HTTPS_ONLY -> {
          return new Refused(403, Reason.HTTPS_ONLY, "This content is served over HTTPS only.");
        }
        case REDIRECT_TO_HTTPS -> {
          return redirect(request);
        }
      }
    }
    if (!route.behavior().allowed().contains(request.method())) {
      return new Refused(
          403, Reason.METHOD_NOT_ALLOWED, "The method of this request is not allowed here.");
    }
    if (request.method().isRead() && request.hasBody() && !request.isTunnel()) {
      return new Refused(403, Reason.BODY_ON_GET, "A GET or HEAD request must not have a body.");
    }
    Optional<Redirected> detour = Detour.of(route, request, directions);
    if (detour.isPresent()) {
      return detour.get();
    }
    boolean isRoot = request.path().equals("/") && !distribution.defaultRootObject().isEmpty();
    return new Allowed(isRoot ? request.withPath("/" + distribution.defaultRootObject()) : request);
  }

  /** CloudFront, "Require HTTPS between viewers and CloudFront". */
  private static Admission redirect(Request request) {
    if (!request.method().isRead() && request.protocol() == Protocol.HTTP_1_0) {
      return new Refused(403, Reason.HTTPS_ONLY, "This content is served over HTTPS only.");
    }
    int port = request.place().httpsPort();
    String authority = port == HTTPS_PORT ? request.host() : request.host() + ":" + port;
    return new Redirected(
        request.method().isRead() ? 301 : 307, "https://" + authority + request.target());
  }

  private static int timesSeen(Request request) {
    if (!request.fields().has("CDN-Loop")) {
      return 0;
    }
    int seen = 0;
    for (String line : request.fields().all("CDN-Loop")) {
      for (String element : line.split(",", -1)) {
        String id = element.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        seen += id.equals(CDN_ID) ? 1 : 0;
      }
    }
    return seen;
  }
}
