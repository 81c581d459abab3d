package warmfront.control.api;

import static warmfront.control.api.DistributionRules.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.ForwardedValues;
import warmfront.control.api.wire.Refused;
import warmfront.http.Fields;

/** The rules of one cache behavior. */
@SuppressWarnings("deprecation") // the legacy fields, which the API still takes
final class BehaviorRules {
  /** What a path pattern is made of; {@code ?} stands for one character, {@code *} for any. */
  private static final Pattern PATH_PATTERN =
      Pattern.compile("[A-Za-z0-9_.*$/~\"'@:+&?!(),;=%-]{1,255}");

  private static final Set<String> READ = Set.of("GET", "HEAD");
  private static final Set<String> ASK = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> ALL =
      Set.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE");

  /** CloudFront's quotas of the legacy settings. */
  private static final int HEADERS_MAX = 10;

  private static final int COOKIES_MAX = 10;
  private static final int COOKIES_CHARS = 512;
  private static final int QUERIES_MAX = 10;
  private static final int QUERY_CHARS = 128;
  private static final int QUERIES_CHARS = 512;

  static void pattern(String pattern, String path) {
    if (!PATH_PATTERN.matcher(pattern).matches()) {
      throw invalid(
          path + ".PathPattern",
          "has 1 to 255 of letters, digits and _-.*?$/~\"'@:+&!(),;=%%, not '%s'"
              .formatted(pattern)
              .replace("%%", "%"));
    }
  }

  void check(CacheBehavior behavior, String path) {
    methods(behavior, path + ".AllowedMethods");
    if (behavior.cachePolicyId() != null && !behavior.cachePolicyId().isEmpty()) {
      withPolicy(behavior, path);
    } else {
      withoutPolicy(behavior, path);
    }
  }

  /** Checks what holds for a behavior in front of a bucket alone. */
  static void checkForBucket(CacheBehavior behavior, String path) {
    boolean listsHost =
        behavior.forwardedValues() != null
            && behavior.forwardedValues().headers().items().stream()
                .anyMatch("Host"::equalsIgnoreCase);
    if (listsHost) {
      throw new Refused(
          "InvalidHeadersForS3Origin",
          ("DistributionConfig.%s.ForwardedValues.Headers contains Host, which is never sent to an"
                  + " S3 origin.")
              .formatted(path));
    }
  }

  /** Returns whether a behavior passes gRPC on. */
  static boolean passesCalls(CacheBehavior behavior) {
    return behavior.grpcConfig() != null && Boolean.TRUE.equals(behavior.grpcConfig().enabled());
  }

  /**
   * Checks what gRPC needs (CloudFront, "Using gRPC with CloudFront distributions").
   *
   * @param httpVersion the distribution's
   */
  static void calls(CacheBehavior behavior, String httpVersion, String path) {
    if (!passesCalls(behavior)) {
      return;
    }
    if (!behavior.allowedMethods().itemsAsStrings().contains("POST")) {
      throw invalid(path + ".GrpcConfig", "is enabled only where POST is among the AllowedMethods");
    }
    if (!httpVersion.contains("2")) {
      throw invalid(
          path + ".GrpcConfig",
          "is enabled only where HttpVersion has HTTP/2, not with '%s'".formatted(httpVersion));
    }
  }

  private static void methods(CacheBehavior behavior, String path) {
    Set<String> allowed = set(behavior.allowedMethods().itemsAsStrings(), path);
    Set<String> cached =
        set(behavior.allowedMethods().cachedMethods().itemsAsStrings(), path + ".CachedMethods");
    if (!List.of(READ, ASK, ALL).contains(allowed)) {
      throw invalid(
          path,
          "is GET and HEAD; GET, HEAD and OPTIONS; or all seven methods, not %s"
              .formatted(behavior.allowedMethods().itemsAsStrings()));
    }
    if (!List.of(READ, ASK).contains(cached) || !allowed.containsAll(cached)) {
      throw invalid(
          path + ".CachedMethods",
          "is GET and HEAD, and OPTIONS where it is allowed, not %s"
              .formatted(behavior.allowedMethods().cachedMethods().itemsAsStrings()));
    }
  }

  private static Set<String> set(List<String> methods, String path) {
    Set<String> set = new HashSet<>(methods);
    if (set.size() < methods.size()) {
      throw invalid(path, "has a method twice: " + methods);
    }
    return set;
  }

  private static void withPolicy(CacheBehavior behavior, String path) {
    refuse(behavior.forwardedValues(), path + ".ForwardedValues");
    refuse(behavior.minTTL(), path + ".MinTTL");
    refuse(behavior.defaultTTL(), path + ".DefaultTTL");
    refuse(behavior.maxTTL(), path + ".MaxTTL");
  }

  private static void refuse(@Nullable Object value, String path) {
    if (value != null) {
      throw invalid(path, "cannot be used when a cache policy is associated to the cache behavior");
    }
  }

  private static void withoutPolicy(CacheBehavior behavior, String path) {
    ForwardedValues forwarded = behavior.forwardedValues();
    if (forwarded == null) {
      throw invalid(path + ".ForwardedValues", "is required where there is no CachePolicyId");
    }
    long min = behavior.minTTL();
    if (min < 0 || behavior.defaultTTL() < min || behavior.maxTTL() < behavior.defaultTTL()) {
      throw new Refused(
          "InvalidTTLOrder",
          "0 <= MinTTL <= DefaultTTL <= MaxTTL does not hold in DistributionConfig.%s: %d, %d, %d."
              .formatted(path, min, behavior.defaultTTL(), behavior.maxTTL()));
    }
    cookies(forwarded, path + ".ForwardedValues.Cookies");
    headers(forwarded.headers().items(), path + ".ForwardedValues.Headers");
    queryStrings(forwarded, path + ".ForwardedValues.QueryStringCacheKeys");
    if (behavior.originRequestPolicyId() != null && !behavior.originRequestPolicyId().isEmpty()) {
      throw invalid(
          path + ".OriginRequestPolicyId",
          "cannot be used unless a cache policy is associated to the cache behavior");
    }
  }

  private static void cookies(ForwardedValues forwarded, String path) {
    boolean lists = forwarded.cookies().forwardAsString().equals("whitelist");
    List<String> names =
        forwarded.cookies().whitelistedNames() == null
            ? List.of()
            : forwarded.cookies().whitelistedNames().items();
    if (lists == names.isEmpty()) {
      throw new Refused(
          "InvalidForwardCookies",
          "DistributionConfig.%s has WhitelistedNames exactly if Forward is whitelist."
              .formatted(path));
    }
    if (names.size() > COOKIES_MAX) {
      throw new Refused(
          "TooManyCookieNamesInWhiteList",
          "%d cookies; %d are allowed.".formatted(names.size(), COOKIES_MAX));
    }
    if (names.stream()
        .anyMatch(name -> !Fields.isToken(name.replace("*", "x").replace("?", "x")))) {
      throw invalid(path, "names a cookie that cannot be one: " + names);
    }
    int characters = names.stream().mapToInt(String::length).sum();
    if (characters > COOKIES_CHARS - names.size()) {
      throw new Refused(
          "InvalidForwardCookies",
          "DistributionConfig.%s names %d characters; %d less the number of names are allowed."
              .formatted(path, characters, COOKIES_CHARS));
    }
  }

  private static void headers(List<String> names, String path) {
    if (names.contains("*") && names.size() > 1) {
      throw invalid(path, "names * and others");
    }
    if (names.size() > HEADERS_MAX) {
      throw new Refused(
          "TooManyHeadersInForwardedValues",
          "%d headers; %d are allowed.".formatted(names.size(), HEADERS_MAX));
    }
    if (!names.contains("*")) {
      PolicyHeaders.checkKey("DistributionConfig." + path, names);
    }
  }

  private static void queryStrings(ForwardedValues forwarded, String path) {
    List<String> keys = forwarded.queryStringCacheKeys().items();
    if (!keys.isEmpty() && !forwarded.queryString()) {
      throw new Refused(
          "InvalidQueryStringParameters",
          "DistributionConfig.%s has items only where QueryString is true.".formatted(path));
    }
    if (keys.size() > QUERIES_MAX) {
      throw new Refused(
          "TooManyQueryStringParameters",
          "%d query strings; %d are allowed.".formatted(keys.size(), QUERIES_MAX));
    }
    boolean right =
        keys.stream().allMatch(key -> !key.isEmpty() && key.length() <= QUERY_CHARS)
            && keys.stream().distinct().count() == keys.size()
            && keys.stream().mapToInt(String::length).sum() <= QUERIES_CHARS;
    if (!right) {
      throw new Refused(
          "InvalidQueryStringParameters",
          "DistributionConfig.%s has names of 1 to %d characters, %d together, none twice: %s."
              .formatted(path, QUERY_CHARS, QUERIES_CHARS, keys));
    }
  }
}
