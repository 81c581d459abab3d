package warmfront.edge.policy;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Memory;
import warmfront.distribution.CloudFrontHeader;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Internal;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stored;
import warmfront.http.ByteRange;
import warmfront.http.FieldNames;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.http.Ranges;
import warmfront.http.Vary;

/**
 * What is asked of the origin: of the viewer's fields those that policies or legacy settings send
 * on and those of the mechanics, nothing else (CloudFront, "HTTP request headers and CloudFront
 * behavior"). Thread-safe.
 */
public final class OriginRequests {
  /** What CloudFront calls itself toward origins; many of them look for it. */
  private static final String USER_AGENT = "Amazon CloudFront";

  /** Fields that concern one hop, or that the edge writes by rules of their own. */
  private static final FieldNames NEVER =
      FieldNames.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "content-length",
          "upgrade",
          "expect",
          "host",
          "user-agent",
          "accept-encoding",
          "cookie",
          "authorization",
          "via",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-real-ip",
          "x-amz-cf-id",
          "cdn-loop");

  /** What describes a body, and goes with it. */
  private static final List<String> OF_BODY =
      List.of("Content-Type", "Content-MD5", "Content-Encoding", "Content-Language");

  /** What the fields of a handshake begin with; they go on whatever the policy lists. */
  private static final String WEB_SOCKET = "Sec-WebSocket-";

  /**
   * What the fields of gRPC itself begin with: deadline and codings, without which no call goes.
   */
  private static final String CALLS = "grpc-";

  /** What a viewer may say of its body, for who signs the request. */
  private static final List<String> OF_SIGNERS = List.of("X-Amz-Content-Sha256");

  /** What the origin decides itself when the cache has no part in it. */
  private static final List<String> CONDITIONS =
      List.of(
          "Range",
          "If-Range",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since");

  /** A range by its old name: for an origin that knows it, of this viewer's answer alone. */
  private static final String REQUEST_RANGE = "Request-Range";

  /** What a request to an origin has beside what the policy takes of the viewer's. */
  private static final List<String> OF_THE_ASK =
      Stream.concat(CONDITIONS.stream(), Stream.of("Authorization")).toList();

  private final Map<Protocol, String> via = new EnumMap<>(Protocol.class);

  /**
   * Makes origin requests.
   *
   * @param viaName how this edge names itself in Via, as {@code 1a2b.cloudfront.net}
   */
  public OriginRequests(String viaName) {
    for (Protocol protocol : Protocol.values()) {
      via.put(protocol, version(protocol) + " " + viaName + " (CloudFront)");
    }
  }

  private static String version(Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2.0";
      case HTTP_3 -> "3.0";
    };
  }

  /**
   * Returns a request whose answer others may get, under whatever condition the viewer asked: GET
   * also for HEAD, and for a range what covers it.
   */
  public OriginRequest shared(Route route, Request request) {
    Method method = request.method().isRead() ? Method.GET : request.method();
    Fields.Builder fields = fields(route, request);
    @Nullable String asked = request.fields().value("Range");
    if (asked != null && request.method().equals(Method.GET)) {
      Ranges.firstOf(asked).ifPresent(range -> fields.set("Range", covering(range)));
    }
    return make(route, request, method, fields.build(), Flow.empty(), 0);
  }

  /** Returns a request for what is lacking of a stored object, of the version that is stored. */
  public OriginRequest part(Route route, Request request, Gaps.Gap gap) {
    ByteRange range = gap.range();
    Fields.Builder fields = fields(route, request);
    fields.set("Range", "bytes=" + range.first() + "-" + range.last());
    fields.set("If-Range", gap.ifRange());
    return make(route, request, Method.GET, fields.build(), Flow.empty(), 0);
  }

  /**
   * What is wanted and the rest of its last slice; from the beginning where that is in the first
   * slice, since objects up to a slice are kept as a whole or not at all. The last bytes of a body
   * are asked for with a slice's more.
   */
  private static String covering(Ranges.Spec asked) {
    long slice = Memory.SLICE_MAX;
    if (asked.first() < 0) {
      return "bytes=-" + (Math.min(asked.last(), Long.MAX_VALUE - slice) + slice - 1);
    }
    long first = asked.first() < slice ? 0 : asked.first() / Gaps.GRAIN * Gaps.GRAIN;
    return asked.last() > Long.MAX_VALUE - slice
        ? "bytes=" + first + "-"
        : "bytes=" + first + "-" + ((asked.last() / slice + 1) * slice - 1);
  }

  /**
   * Returns a shared request that lets the origin confirm a stale object (RFC 9111, section 4.3.1);
   * without validators where cookies reach the origin, and where the answer varies by anything
   * (CloudFront: unless MinTTL is above 0).
   */
  public OriginRequest confirming(Route route, Request request, Stored stale) {
    Fields.Builder fields = fields(route, request);
    Plan plan = Plan.of(route);
    boolean varies = plan.rule().min().isZero() && Vary.isAny(stale.fields());
    if (request.method().isRead() && Keys.mayShareFetch(route) && !varies) {
      Compression.originTag(stale).ifPresent(etag -> fields.set("If-None-Match", etag));
      stale.lastModified().ifPresent(date -> fields.set("If-Modified-Since", date));
    }
    Method method = request.method().isRead() ? Method.GET : request.method();
    return make(route, request, method, fields.build(), Flow.empty(), 0);
  }

  /** Returns a request for this viewer alone: its method, body, range and conditions. */
  public OriginRequest passing(Route route, Request request) {
    Fields.Builder fields = fields(route, request);
    copy(request, fields, CONDITIONS);
    if (request.hasBody()) {
      copy(request, fields, OF_BODY);
    }
    if (request.isTunnel()) {
      sendOn(request, fields, WEB_SOCKET);
    }
    if (Grpc.isCall(route, request)) {
      sendOn(request, fields, CALLS);
    }
    if (route.accessControl().isPresent()) {
      copy(request, fields, OF_SIGNERS);
    }
    Plan plan = Plan.of(route);
    if (plan.forwarded().takes(REQUEST_RANGE)) {
      copy(request, fields, List.of(REQUEST_RANGE));
    }
    // CloudFront: Authorization is the origin's own business where the method is never cached.
    if (!plan.caches(request.method())) {
      copy(request, fields, List.of("Authorization"));
    }
    return make(
        route, request, request.method(), fields.build(), request.body(), request.bodyLength());
  }

  /** Returns whether a request may go to the second origin of a group if the first one fails. */
  public static boolean mayFailOver(OriginRequest ask) {
    return ask.bodyLength() == 0 && Plan.of(ask.route()).caches(ask.method());
  }

  /**
   * Returns what the second origin of a group is asked after the first one failed: the same, under
   * the same range and conditions.
   *
   * @param second the route with the second origin
   * @param first what the first origin was asked
   */
  public OriginRequest again(Route second, Request request, OriginRequest first) {
    Fields.Builder fields = fields(second, request);
    for (String name : OF_THE_ASK) {
      set(fields, name, first.fields().joined(name));
    }
    return make(second, request, first.method(), fields.build(), Flow.empty(), 0);
  }

  /** Returns what the other origin of a group is asked to hear how good its media are. */
  public OriginRequest probing(Route other, Request request) {
    return make(other, request, Method.HEAD, fields(other, request).build(), Flow.empty(), 0);
  }

  private static OriginRequest make(
      Route route, Request request, Method method, Fields fields, Flow body, long bodyLength) {
    Plan plan = Plan.of(route);
    @Nullable String query = plan.queryForOrigin(request);
    return new OriginRequest(
        route,
        method,
        query == null ? request.path() : request.path() + "?" + query,
        fields,
        plan.sendsHost() ? request.fields().first("Host").orElse(request.host()) : "",
        body,
        bodyLength,
        request.place().secure());
  }

  private Fields.Builder fields(Route route, Request request) {
    Plan plan = Plan.of(route);
    Fields.Builder fields = Fields.builder();
    Forwarded forwarded = plan.forwarded();
    if (forwarded.takesOthers()) {
      request
          .fields()
          .forEach((name, value) -> {
            if (mayGoUnlisted(name, plan) && forwarded.takes(name)) {
              fields.add(name, value);
            }
          });
    }
    for (String name : forwarded.listed()) {
      @Nullable String value = request.fields().joined(name);
      boolean elsewhere = isEdgesOwn(name) || (isOfOneViewer(name) && !plan.keys(name));
      if (value != null && !elsewhere) {
        fields.set(name, value);
      }
    }
    set(fields, "Accept-Encoding", plan.encodingForOrigin(request));
    set(fields, "Cookie", plan.cookiesForOrigin(request));
    if (forwarded.takes("Authorization")) {
      set(fields, "Authorization", request.fields().joined("Authorization"));
    }
    set(
        fields,
        "User-Agent",
        forwarded.takes("User-Agent") ? request.fields().value("User-Agent") : USER_AGENT);
    fields.set("X-Amz-Cf-Id", request.id());
    fields.set(
        "Via", appended(request, "Via", Objects.requireNonNull(via.get(request.protocol()))));
    InetAddress viewer = request.viewer().getAddress();
    if (!viewer.isAnyLocalAddress()) {
      fields.set("X-Forwarded-For", appended(request, "X-Forwarded-For", viewer.getHostAddress()));
    }
    if (plan.tellsHost()) {
      fields.set("X-Forwarded-Host", request.host());
    }
    fields.set("CDN-Loop", appended(request, "CDN-Loop", Gate.CDN_ID));
    plan.clients().ifPresent(check -> ClientFields.pass(check, request, fields));
    return fields;
  }

  /**
   * Whether a header may go on unless a policy names it. Not what tells a bucket to do other things
   * than it is asked for: the edge signs for all buckets, and the viewer for none.
   */
  private static boolean mayGoUnlisted(String name, Plan plan) {
    return !(plan.isToBucket() && name.regionMatches(true, 0, "X-Amz-", 0, 6))
        && !NEVER.has(name)
        && !Internal.is(name)
        && !name.regionMatches(true, 0, "X-Edge-", 0, 7)
        && !CloudFrontHeader.isReserved(name)
        && !isOfOneViewer(name);
  }

  /** Whether it would make the answer one that no other viewer can get. */
  private static boolean isOfOneViewer(String name) {
    return name.equalsIgnoreCase(REQUEST_RANGE)
        || CONDITIONS.stream().anyMatch(name::equalsIgnoreCase);
  }

  /** What the edge writes itself even if a policy lists it. */
  private static boolean isEdgesOwn(String name) {
    return NEVER.has(name);
  }

  private static void set(Fields.Builder fields, String name, @Nullable String value) {
    if (value != null) {
      fields.set(name, value);
    }
  }

  private static void copy(Request request, Fields.Builder fields, List<String> names) {
    for (String name : names) {
      set(fields, name, request.fields().joined(name));
    }
  }

  /** Sends on what begins so, whatever the policy lists. */
  private static void sendOn(Request request, Fields.Builder fields, String beginning) {
    request
        .fields()
        .forEach((name, value) -> {
          if (name.regionMatches(true, 0, beginning, 0, beginning.length())) {
            fields.set(name, value);
          }
        });
  }

  private static String appended(Request request, String name, String own) {
    @Nullable String before = request.fields().joined(name);
    return before == null ? own : before + ", " + own;
  }
}
