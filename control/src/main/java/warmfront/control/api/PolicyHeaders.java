package warmfront.control.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.CloudFrontHeader;
import warmfront.http.Fields;

/**
 * Which headers policies and legacy settings may name: none that edges do not send on, or not by
 * that policy (CloudFront, "HTTP request headers and CloudFront behavior").
 */
final class PolicyHeaders {
  /** What concerns one hop, or what the edge alone says to origins. */
  private static final Set<String> NEVER =
      Set.of(
          "cdn-loop",
          "connection",
          "content-length",
          "cookie",
          "expect",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-amz-cf-id",
          "x-forwarded-proto",
          "x-real-ip");

  /** What goes on to origins, but may not be in the cache key. */
  private static final Set<String> NO_KEY =
      Set.of("cache-control", "max-forwards", "pragma", "request-range");

  /** What is in the hands of the cache policy. */
  private static final Set<String> OF_CACHE_POLICY = Set.of("accept-encoding", "authorization");

  private static final String OF_EDGES = "warmfront-";
  private static final String OF_CACHES = "x-edge-";

  private PolicyHeaders() {}

  /**
   * Checks the headers of a cache key.
   *
   * @param field where they are named
   * @throws Refused {@code InvalidArgument}, naming the header
   */
  static void checkKey(String field, List<String> names) {
    for (String name : names) {
      String lower = checked(field, name);
      boolean isKey =
          !NO_KEY.contains(lower) && (!CloudFrontHeader.isReserved(name) || known(name).mayBeKey());
      if (!isKey) {
        throw notAllowed(name);
      }
    }
  }

  /**
   * Checks the headers that go to origins without being in the key.
   *
   * @param field where they are named
   * @throws Refused {@code InvalidArgument}, naming the header
   */
  static void checkForOrigin(String field, List<String> names) {
    for (String name : names) {
      if (OF_CACHE_POLICY.contains(checked(field, name))) {
        throw notAllowed(name);
      }
    }
  }

  /**
   * Checks the headers that go to origins beside all of the viewer's.
   *
   * @param field where they are named
   * @throws Refused {@code InvalidArgument}, naming the header
   */
  static void checkOwn(String field, List<String> names) {
    for (String name : names) {
      checked(field, name);
      if (!CloudFrontHeader.isReserved(name)) {
        throw new Refused(
            "InvalidArgument",
            "The parameter %s contains %s; beside all of the viewer's headers it names CloudFront's."
                .formatted(field, name));
      }
    }
  }

  /** Refuses names that are no header's (RFC 9110, section 5.1). */
  static void checkTokens(String field, List<String> names) {
    for (String name : names) {
      if (!Fields.isToken(name)) {
        throw new Refused(
            "InvalidArgument",
            "The parameter %s names a header that cannot be one: '%s'.".formatted(field, name));
      }
    }
  }

  private static String checked(String field, String name) {
    checkTokens(field, List.of(name));
    String lower = name.toLowerCase(Locale.ROOT);
    if (NEVER.contains(lower) || lower.startsWith(OF_EDGES) || lower.startsWith(OF_CACHES)) {
      throw notAllowed(name);
    }
    if (CloudFrontHeader.isReserved(name)) {
      known(name);
    }
    return lower;
  }

  private static CloudFrontHeader known(String name) {
    Optional<CloudFrontHeader> found = CloudFrontHeader.of(name);
    return found.orElseThrow(() -> notAllowed(name));
  }

  private static Refused notAllowed(String name) {
    return new Refused(
        "InvalidArgument",
        "The parameter Headers contains %s that is not allowed.".formatted(name));
  }
}
