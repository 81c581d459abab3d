package warmfront.edge.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.distribution.Geography;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Deferred;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Client;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tls;
import warmfront.http.Method;
import warmfront.time.Clock;

/**
 * Step 3, admit: whether a request that found its behavior is served. The first rule that is
 * against it decides, in the order of {@link #admit}. Thread-safe; never waits.
 */
public final class Gate {
  /** How the edge names itself in CDN-Loop (RFC 8586). */
  static final String CDN_ID = "warmfront";

  /** The most distributions that one request may go through (CloudFront: not more than two). */
  static final int CHAIN_MAX = 2;

  /** The methods that CloudFront knows, and those that no origin is to get from a cache. */
  private static final Set<Method> KNOWN =
      Set.of(
          Method.GET,
          Method.HEAD,
          Method.OPTIONS,
          Method.PUT,
          Method.POST,
          Method.PATCH,
          Method.DELETE,
          Method.of("CONNECT"),
          Method.of("TRACE"));

  private static final int HTTPS_PORT = 443;

  private final Supplier<Directions> directions;
  private final Supplier<Atlas> atlas;
  private final Clock clock;

  /**
   * Makes a gate.
   *
   * @param directions where viewers may be served better than here
   * @param atlas where viewers are
   * @param clock judges when a signature or a certificate ends
   */
  public Gate(Supplier<Directions> directions, Supplier<Atlas> atlas, Clock clock) {
    this.directions = directions;
    this.atlas = atlas;
    this.clock = clock;
  }

  /** Judges a request. */
  public Admission admit(Route route, Request request) {
    Distribution distribution = route.site().distribution();
    if (!distribution.enabled()) {
      return new Refused(403, Reason.DISABLED, "This distribution is disabled.");
    }
    if (timesSeen(request) > CHAIN_MAX) {
      return new Refused(403, Reason.LOOP, "The request went through too many distributions.");
    }
    if (isElsewhere(distribution.entrance().geography(), request)) {
      return new Refused(403, Reason.GEO_BLOCKED, "This content is not served in your country.");
    }
    @Nullable Admission other = protocol(route, request);
    if (other == null) {
      other = client(route, request);
    }
    if (other == null) {
      other = method(route, request);
    }
    if (other != null) {
      return other;
    }
    if (route.verifier().isPresent()) {
      SignedRequest signed = new SignedRequest(route.verifier().get(), request);
      return signed.takesLong()
          ? new Deferred(() -> judged(distribution, signed))
          : judged(distribution, signed);
    }
    Optional<Redirected> detour = Detour.of(route, request, directions.get());
    return detour.isPresent() ? detour.get() : new Allowed(rooted(distribution, request));
  }

  /** Returns whether the viewer is in a country that is not served; one in none is served. */
  private boolean isElsewhere(Geography geography, Request request) {
    return geography.rule() != Geography.Rule.ANYWHERE
        && atlas
            .get()
            .country(request.viewer().getAddress())
            .filter(country -> !geography.serves(country))
            .isPresent();
  }

  private static @Nullable Admission protocol(Route route, Request request) {
    if (request.place().secure()) {
      return null;
    }
    return switch (route.behavior().viewerProtocol()) {
      case ALLOW_ALL -> null;
      case HTTPS_ONLY ->
          new Refused(403, Reason.HTTPS_ONLY, "This content is served over HTTPS only.");
      case REDIRECT_TO_HTTPS -> redirect(request);
    };
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

  /**
   * Refuses who came over a connection that does not say what the distribution asks: one that was
   * begun under another name, and shared (RFC 9113, section 9.1.1), or that stood before it asked.
   */
  private @Nullable Refused client(Route route, Request request) {
    Optional<ClientCheck> asked = route.site().clients();
    if (asked.isEmpty()) {
      return null;
    }
    Optional<Client> client = request.tls().flatMap(Tls::client);
    return client.isPresent() && client.get().satisfies(asked.get(), clock.now())
        ? null
        : new Refused(
            421, Reason.MISDIRECTED, "This content needs a connection of its own, with its name.");
  }

  private static @Nullable Refused method(Route route, Request request) {
    if (!allows(route, request.method())) {
      return new Refused(
          403, Reason.METHOD_NOT_ALLOWED, "The method of this request is not allowed here.");
    }
    if (request.protocol() != Protocol.HTTP_2 && Grpc.isCall(route, request)) {
      return new Refused(505, Reason.GRPC_VERSION, "gRPC is served over HTTP/2 only.");
    }
    return request.method().isRead() && request.hasBody() && !request.isTunnel()
        ? new Refused(403, Reason.BODY_ON_GET, "A GET or HEAD request must not have a body.")
        : null;
  }

  /**
   * Where a standard cache stands before an origin of which all is allowed that CloudFront knows,
   * so is what it does not know: what is unsafe in it outdates what is stored.
   */
  private static boolean allows(Route route, Method method) {
    Set<Method> allowed = route.behavior().allowed();
    return allowed.contains(method)
        || (allowed.contains(Method.DELETE) && !KNOWN.contains(method) && Keys.isStandard(route));
  }

  private Admission judged(Distribution distribution, SignedRequest signed) {
    Admission judged = signed.judge(clock.now());
    return judged instanceof Allowed(Request request)
        ? new Allowed(rooted(distribution, request))
        : judged;
  }

  private static Request rooted(Distribution distribution, Request request) {
    String path = request.path();
    if (!path.endsWith("/")) {
      return request;
    }
    String root = distribution.defaultRootObject();
    if (path.length() == 1 && !root.isEmpty()) {
      return request.withPath("/" + root);
    }
    String index = distribution.wishes().indexDocument();
    return index.isEmpty() ? request : request.withPath(path + index);
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
