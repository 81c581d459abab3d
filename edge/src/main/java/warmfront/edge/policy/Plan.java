package warmfront.edge.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.edge.step.Internal;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.TtlRule;
import warmfront.http.Method;

/**
 * What a route's policy says about requests, compiled once. The key and the origin request both
 * read a viewer's request through it and nothing else. Immutable.
 */
final class Plan {
  private static final String ACCEPT_ENCODING = "Accept-Encoding";
  private static final Duration S3_ERROR_MIN = Duration.ofSeconds(1);

  private final CachePolicy policy;
  private final List<String> headers;
  private final boolean encodingIsListed;
  private final Chosen cookies;
  private final Chosen queryStrings;
  private final boolean optionsAreCached;
  private final TtlRule rule;

  private Plan(Route route) {
    policy = route.policy();
    List<String> names = new ArrayList<>(policy.headers().names());
    names.removeIf(Internal::is);
    names.sort(Comparator.comparing(name -> name.toLowerCase(Locale.ROOT)));
    headers = List.copyOf(names);
    encodingIsListed = names.stream().anyMatch(ACCEPT_ENCODING::equalsIgnoreCase);
    cookies = new Chosen(policy.cookies());
    queryStrings = new Chosen(policy.queryStrings());
    optionsAreCached = route.behavior().cached().contains(Method.OPTIONS);
    rule =
        new TtlRule(
            policy.minTtl(),
            policy.defaultTtl(),
            policy.maxTtl(),
            errors(route),
            route.site().distribution().cacheTagHeader(),
            !policy.disablesCaching());
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
    var made = new Plan(route);
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

  /** Returns whether cookies reach the origin and so are part of the key. */
  boolean hasCookies() {
    return !cookies.isNone();
  }

  /** Returns the headers in the key, sorted by name without case; Host may be among them. */
  List<String> headers() {
    return headers;
  }

  /** Returns whether every header of the viewer's goes to the origin (a legacy setting). */
  boolean takesAllHeaders() {
    return policy.headers().mode() == NameSet.Mode.ALL;
  }

  /** Returns whether a header is in the key. */
  boolean lists(String name) {
    for (String header : headers) {
      if (header.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the value of a listed header, or null. Headers that CloudFront makes are never taken
   * from the viewer.
   */
  @Nullable String header(Request request, String name) {
    if (!name.regionMatches(true, 0, "CloudFront-", 0, 11)) {
      return request.fields().joined(name);
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "cloudfront-forwarded-proto" -> request.place().secure() ? "https" : "http";
      case "cloudfront-viewer-http-version" -> request.protocol().logName().substring(5);
      default -> null;
    };
  }

  /**
   * Returns Accept-Encoding for key and origin, or null for none: reduced where the policy switches
   * a coding on, as it is where it is listed by hand. Else the origin is asked for the bare object,
   * so that what comes suits every viewer.
   */
  @Nullable String encoding(Request request) {
    @Nullable String value = request.fields().joined(ACCEPT_ENCODING);
    if (encodingIsListed || takesAllHeaders()) {
      return value;
    }
    return policy.gzip() || policy.brotli()
        ? Encoding.normal(value, policy.gzip(), policy.brotli())
        : Encoding.IDENTITY;
  }

  /** Returns the query strings that count, in the order they came, or null for none. */
  @Nullable String query(Request request) {
    @Nullable String query = request.query();
    if (query == null || query.isEmpty() || queryStrings.isNone()) {
      return null;
    }
    return queryStrings.isAll() ? query : chosen(query);
  }

  private @Nullable String chosen(String query) {
    var kept = new StringBuilder(query.length());
    int at = 0;
    while (at <= query.length()) {
      int and = query.indexOf('&', at);
      int end = and < 0 ? query.length() : and;
      int equal = query.indexOf('=', at);
      String name = query.substring(at, equal < 0 || equal > end ? end : equal);
      if (end > at && queryStrings.has(name)) {
        kept.append(kept.isEmpty() ? "" : "&").append(query, at, end);
      }
      at = end + 1;
    }
    return kept.isEmpty() ? null : kept.toString();
  }

  /**
   * Returns the cookies that count as one Cookie value, sorted by name, or null for none. What is
   * not in the form name=value, and names that begin with a dollar sign, are dropped (CloudFront,
   * "Cache content based on cookies").
   */
  @Nullable String cookies(Request request) {
    if (cookies.isNone() || !request.fields().has("Cookie")) {
      return null;
    }
    List<String> kept = new ArrayList<>();
    for (String line : request.fields().all("Cookie")) {
      for (String pair : line.split(";", -1)) {
        String cookie = pair.strip();
        int equal = cookie.indexOf('=');
        if (equal > 0 && cookie.charAt(0) != '$' && cookies.has(cookie.substring(0, equal))) {
          kept.add(cookie);
        }
      }
    }
    kept.sort(Comparator.comparing(cookie -> cookie.substring(0, cookie.indexOf('='))));
    return kept.isEmpty() ? null : String.join("; ", kept);
  }

  /** Returns whether a name in an origin's Vary says something to viewers. */
  boolean isVisibleInVary(String name) {
    return name.equals("*")
        || name.equalsIgnoreCase(ACCEPT_ENCODING)
        || name.equalsIgnoreCase("Cookie")
        || takesAllHeaders()
        || lists(name);
  }
}
