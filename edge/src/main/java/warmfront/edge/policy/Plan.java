package warmfront.edge.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.CloudFrontHeader;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.distribution.Wishes;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Coding;
import warmfront.edge.step.Internal;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.TtlRule;
import warmfront.http.Method;

/**
 * What a route's policies say about requests, compiled once. The key and the origin request both
 * read a viewer's request through it and nothing else. Immutable.
 */
final class Plan {
  private static final String ACCEPT_ENCODING = "Accept-Encoding";

  /** What the names of policies that come with the product begin with. */
  private static final String MANAGED = "Managed-";

  private static final List<String> OF_S3_RESPONSES =
      List.of("response-content-type", "response-content-disposition", "response-content-encoding");

  private static final Duration S3_ERROR_MIN = Duration.ofSeconds(1);

  private final CachePolicy policy;
  private final boolean standard;
  private final boolean sendsHost;
  private final List<String> headers;
  private final boolean encodingIsListed;
  private final Set<Coding> codings;
  private final boolean compresses;
  private final @Nullable Attire attire;
  private final boolean explains;
  private final Chosen cookies;
  private final Chosen queryStrings;
  private final Chosen cookiesForOrigin;
  private final Chosen queryStringsForOrigin;
  private final Wishes.Asking wishes;
  private final boolean optionsAreCached;
  private final TtlRule rule;
  private final Forwarded forwarded;
  private final boolean toBucket;
  private final List<CloudFrontHeader> made;
  private final Optional<ClientCheck> clients;

  private Plan(Route route) {
    policy = route.policy();
    clients = route.site().clients();
    boolean caching =
        !policy.disablesCaching()
            && clients.filter(check -> check.mode() == Mode.PASSTHROUGH).isEmpty();
    standard = route.site().distribution().wishes().standardCache();
    toBucket = route.origin().type() instanceof Origin.S3;
    List<String> listed = names(policy.headers().names());
    Forwarded ordinary = Forwarded.of(route, listed);
    forwarded = standard ? ordinary.withAll() : ordinary;
    sendsHost = !toBucket && ordinary.takes("Host");
    headers = standard ? (sendsHost ? List.of("Host") : List.of()) : listed;
    encodingIsListed = headers.stream().anyMatch(ACCEPT_ENCODING::equalsIgnoreCase);
    boolean legacy = route.behavior().legacy().isPresent();
    cookies = standard ? Chosen.of(NameSet.NONE) : cookies(policy, legacy);
    queryStrings = Chosen.of(standard ? NameSet.ALL : policy.queryStrings());
    cookiesForOrigin =
        standard
            ? Chosen.of(NameSet.ALL)
            : route.asking().map(asking -> cookies.or(Chosen.of(asking.cookies()))).orElse(cookies);
    queryStringsForOrigin =
        route.behavior().options().wholeQuery()
            ? Chosen.of(NameSet.ALL)
            : route
                .asking()
                .map(asking -> queryStrings.or(Chosen.of(queryStrings(asking, toBucket))))
                .orElse(queryStrings);
    wishes = route.site().distribution().wishes().asking();
    codings = codings(route);
    compresses =
        route.behavior().options().compress()
            && !codings.isEmpty()
            && caching
            && !encodingIsListed
            && !standard;
    explains = route.site().distribution().wishes().responses().explained();
    attire = route.responseHeaders().map(Attire::new).orElse(null);
    optionsAreCached = !standard && route.behavior().cached().contains(Method.OPTIONS);
    rule =
        new TtlRule(
            policy.minTtl(),
            policy.defaultTtl(),
            policy.maxTtl(),
            errors(route),
            route.site().distribution().cacheTagHeader(),
            caching);
    made = forwarded.listed().stream().flatMap(name -> CloudFrontHeader.of(name).stream()).toList();
  }

  private static Chosen cookies(CachePolicy policy, boolean legacy) {
    return legacy ? Chosen.byPattern(policy.cookies()) : Chosen.of(policy.cookies());
  }

  /**
   * CloudFront: managed policies for all query strings do not send a bucket those that would have
   * it change the headers of its answer.
   */
  private static NameSet queryStrings(OriginRequestPolicy asking, boolean toBucket) {
    boolean all = asking.queryStrings().mode() == NameSet.Mode.ALL;
    return toBucket && all && asking.name().startsWith(MANAGED)
        ? new NameSet(NameSet.Mode.ALL_EXCEPT, OF_S3_RESPONSES)
        : asking.queryStrings();
  }

  /**
   * Returns the headers that a policy lists, sorted by name; without those which only edges may
   * say, and which are none of CloudFront's.
   */
  static List<String> names(List<String> listed) {
    List<String> names = new ArrayList<>(listed);
    names.removeIf(name ->
        Internal.is(name)
            || (CloudFrontHeader.isReserved(name) && CloudFrontHeader.of(name).isEmpty()));
    names.sort(Comparator.comparing(name -> name.toLowerCase(Locale.ROOT)));
    return List.copyOf(names);
  }

  private static Set<Coding> codings(Route route) {
    CachePolicy policy = route.policy();
    Set<Coding> on = EnumSet.noneOf(Coding.class);
    if (policy.gzip()) {
      on.add(Coding.GZIP);
    }
    if (policy.brotli()) {
      on.add(Coding.BROTLI);
    }
    boolean zstd = route.site().distribution().wishes().responses().zstd();
    if (zstd && !on.isEmpty() && route.behavior().options().compress()) {
      on.add(Coding.ZSTD);
    }
    return on;
  }

  /** CloudFront: where a bucket is the origin, an ErrorCachingMinTTL of 0 behaves as 1 s. */
  private static Map<Integer, Duration> errors(Route route) {
    Map<Integer, Duration> errors = new HashMap<>(route.site().distribution().errorTtl());
    if (route.origin().type() instanceof Origin.S3) {
      errors.replaceAll((_, ttl) -> ttl.isZero() ? S3_ERROR_MIN : ttl);
    }
    return errors;
  }

  /** Returns the plan of a route, made the first time it is asked for. */
  static Plan of(Route route) {
    if (route.plan() instanceof Plan made) {
      return made;
    }
    // Tenants of a distribution differ in nothing that a plan is made of.
    Route original = route.original();
    Plan made = original == route ? new Plan(route) : of(original);
    route.keepPlan(made);
    return made;
  }

  /** Returns how long responses live. */
  TtlRule rule() {
    return rule;
  }

  /** Returns whether responses to a method are cached. */
  boolean caches(Method method) {
    return method.isRead() || (optionsAreCached && method.equals(Method.OPTIONS));
  }

  /**
   * Returns whether the cache goes by RFC 9111: the origin gets all that viewers say, and by what
   * of it responses differ is the origin's word, in Vary.
   */
  boolean isStandard() {
    return standard;
  }

  /** Returns whether cookies reach the origin, be they part of the key or not. */
  boolean hasCookies() {
    return !cookiesForOrigin.isNone();
  }

  /** Returns which headers of a viewer's request go to the origin. */
  Forwarded forwarded() {
    return forwarded;
  }

  /** Returns the headers that the edge makes of what it knows of the viewer. */
  List<CloudFrontHeader> made() {
    return made;
  }

  /** Returns what is asked of viewers' own certificates; empty for nothing. */
  Optional<ClientCheck> clients() {
    return clients;
  }

  /** Returns whether a header is in the key. */
  boolean keys(String name) {
    return headers.stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Returns the headers in the key, sorted by name without case; Host may be among them. */
  List<String> headers() {
    return headers;
  }

  /**
   * Returns Accept-Encoding for key and origin, or null for none: reduced where the policy switches
   * a coding on, as it is where it is listed by hand. Else the origin is asked for the bare object,
   * so that what comes suits every viewer. Where the edge compresses, viewers of HTTP/1.0 get the
   * bare object, too (CloudFront, "Serve compressed files").
   */
  @Nullable String encoding(Request request) {
    if (standard) {
      return null;
    }
    @Nullable String value = request.fields().joined(ACCEPT_ENCODING);
    if (encodingIsListed) {
      return value;
    }
    if (codings.isEmpty() || (compresses && request.protocol() == Protocol.HTTP_1_0)) {
      return Encoding.IDENTITY;
    }
    return Encoding.normal(value, codings);
  }

  /**
   * Returns whether the edge compresses answers: where caching is on, and the policy normalises
   * Accept-Encoding and does not list it by hand besides.
   */
  boolean compresses() {
    return compresses;
  }

  /** Returns what is put on responses; null for nothing. */
  @Nullable Attire attire() {
    return attire;
  }

  /** Returns whether responses say how they came about. */
  boolean explains() {
    return explains;
  }

  /** Returns whether responses stay as step 8 dressed them. */
  boolean isPlain() {
    return attire == null && !explains;
  }

  /**
   * Returns Accept-Encoding for the origin, or null for none. As in the key, unless a policy sends
   * all headers on: then as the viewer said it where it is not reduced (CloudFront: it is a header
   * like any other then).
   */
  @Nullable String encodingForOrigin(Request request) {
    boolean reduced = policy.gzip() || policy.brotli();
    boolean raw =
        standard
            || policy.headers().mode() == NameSet.Mode.ALL
            || (!reduced && forwarded.takes(ACCEPT_ENCODING));
    return raw ? request.fields().joined(ACCEPT_ENCODING) : encoding(request);
  }

  /** Returns the query strings in the key, or null for none. */
  @Nullable String query(Request request) {
    return queryStrings.query(request, wishes.sortsQuery());
  }

  /** Returns the cookies in the key as one Cookie value, or null for none. */
  @Nullable String cookies(Request request) {
    return cookies.cookies(request);
  }

  /** Returns the query strings for the origin, or null for none. */
  @Nullable String queryForOrigin(Request request) {
    return queryStringsForOrigin.query(request, wishes.sortsQuery());
  }

  /** Returns the cookies for the origin as one Cookie value, or null for none. */
  @Nullable String cookiesForOrigin(Request request) {
    return cookiesForOrigin.cookies(request);
  }

  /** Returns whether the origin gets the viewer's Host; a bucket never does. */
  boolean sendsHost() {
    return sendsHost;
  }

  /** Returns whether the origin is a bucket. */
  boolean isToBucket() {
    return toBucket;
  }

  /** Returns whether the origin is told the host that the viewer asked for, as X-Forwarded-Host. */
  boolean tellsHost() {
    return wishes.tellsHost();
  }

  /** Returns whether a name in an origin's Vary says something to viewers. */
  boolean isVisibleInVary(String name) {
    return name.equals("*")
        || name.equalsIgnoreCase(ACCEPT_ENCODING)
        || name.equalsIgnoreCase("Cookie")
        || forwarded.isKnown(name)
        || (name.equalsIgnoreCase("User-Agent") && made.stream().anyMatch(Device::isSaidBy));
  }
}
