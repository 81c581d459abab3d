package warmfront.edge.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.edge.step.Request;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.http.Vary;
import warmfront.signing.Glob;

/**
 * What a response headers policy says of the Fetch standard's CORS protocol, compiled. A request
 * has to do with it if it has an Origin. Immutable.
 */
final class Cors {
  /** The {@link #allowed} of a request without an Origin. */
  static final String NONE = "";

  /** The {@link #allowed} of a request whose Origin is not allowed; no value of the field. */
  private static final String REFUSED = "-";

  private static final String ANY = "*";
  private static final String ORIGIN = "Access-Control-Allow-Origin";
  private static final String CREDENTIALS = "Access-Control-Allow-Credentials";
  private static final String EXPOSE = "Access-Control-Expose-Headers";
  private static final String METHODS = "Access-Control-Allow-Methods";
  private static final String HEADERS = "Access-Control-Allow-Headers";
  private static final String MAX_AGE = "Access-Control-Max-Age";
  private static final List<String> ALL =
      List.of(ORIGIN, CREDENTIALS, EXPOSE, METHODS, HEADERS, MAX_AGE);
  private static final String ALL_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

  /** A Fetch wildcard does not cover it (Fetch, section 4.9), and so none of ours does. */
  private static final String NOT_COVERED = "authorization";

  private final boolean override;
  private final boolean credentials;
  private final boolean anyOrigin;
  private final List<OriginPattern> origins;
  private final String methods;
  private final List<String> headers;
  private final List<String> wildcards;
  private final String exposed;
  private final OptionalInt maxAge;

  Cors(ResponseHeadersPolicy.Cors policy) {
    override = policy.override();
    credentials = policy.credentials();
    anyOrigin = policy.allowOrigins().contains(ANY);
    origins = policy.allowOrigins().stream().map(OriginPattern::of).toList();
    methods =
        policy.allowMethods().contains("ALL")
            ? ALL_METHODS
            : String.join(", ", policy.allowMethods());
    headers = policy.allowHeaders().stream().filter(name -> !isWildcard(name)).toList();
    wildcards =
        policy.allowHeaders().stream()
            .filter(Cors::isWildcard)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
    exposed = String.join(", ", policy.exposeHeaders());
    maxAge = policy.maxAgeSeconds();
  }

  /** A lone asterisk is a value of its own. */
  private static boolean isWildcard(String name) {
    return name.length() > 1 && name.contains(ANY);
  }

  /**
   * Returns what tells apart the requests that get other headers, but for preflights: the value of
   * Access-Control-Allow-Origin, or a word for none.
   */
  String allowed(Request request) {
    @Nullable String origin = request.fields().value("Origin");
    if (origin == null) {
      return NONE;
    }
    if (anyOrigin) {
      return ANY;
    }
    OriginPattern asked = OriginPattern.of(origin);
    return origins.stream().anyMatch(pattern -> pattern.matches(asked)) ? origin : REFUSED;
  }

  /** Returns whether a request asks what another request may be (Fetch, section 3.3.2). */
  static boolean isPreflight(Request request) {
    return request.method().equals(Method.OPTIONS)
        && request.fields().has("Origin")
        && request.fields().has("Access-Control-Request-Method");
  }

  /**
   * Puts the headers for a request on a response. What depends on the Origin says so, also to those
   * who come without one: a cache behind us would give them what it has.
   *
   * @param fields of the response, those that the policy removes taken off
   */
  Fields on(Fields fields, Request request) {
    if (!override && ALL.stream().anyMatch(fields::has)) {
      return fields;
    }
    String allowed = allowed(request);
    if (allowed.equals(NONE)) {
      return Vary.with(fields, "Origin");
    }
    boolean preflight = isPreflight(request);
    Fields.Builder all = fields.edit();
    all.removeIf(name -> isReplaced(name, preflight));
    if (!allowed.equals(REFUSED)) {
      all.add(ORIGIN, allowed);
      if (credentials) {
        all.add(CREDENTIALS, "true");
      }
      if (!exposed.isEmpty()) {
        all.add(EXPOSE, exposed);
      }
      if (preflight) {
        preflight(request, all);
      }
    }
    return Vary.with(all.build(), "Origin");
  }

  /** What the policy has a say in is never the origin's. */
  private boolean isReplaced(String name, boolean preflight) {
    return name.equalsIgnoreCase(ORIGIN)
        || name.equalsIgnoreCase(CREDENTIALS)
        || (name.equalsIgnoreCase(EXPOSE) && !exposed.isEmpty())
        || (preflight
            && ((name.equalsIgnoreCase(METHODS) && !methods.isEmpty())
                || (name.equalsIgnoreCase(HEADERS) && (headers.size() + wildcards.size()) > 0)
                || (name.equalsIgnoreCase(MAX_AGE) && maxAge.isPresent())));
  }

  private void preflight(Request request, Fields.Builder all) {
    if (!methods.isEmpty()) {
      all.add(METHODS, methods);
    }
    String names = String.join(", ", names(request));
    if (!names.isEmpty()) {
      all.add(HEADERS, names);
    }
    if (maxAge.isPresent()) {
      all.add(MAX_AGE, Integer.toString(maxAge.getAsInt()));
    }
  }

  private Set<String> names(Request request) {
    Set<String> names = new LinkedHashSet<>(headers);
    @Nullable String asked = request.fields().joined("Access-Control-Request-Headers");
    if (asked == null || wildcards.isEmpty()) {
      return names;
    }
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(headers);
    for (String one : asked.split(",", -1)) {
      String name = one.strip().toLowerCase(Locale.ROOT);
      boolean covered =
          Fields.isToken(name)
              && !name.equals(NOT_COVERED)
              && wildcards.stream().anyMatch(wildcard -> Glob.matches(wildcard, name));
      if (covered && known.add(name)) {
        names.add(name);
      }
    }
    return names;
  }
}
