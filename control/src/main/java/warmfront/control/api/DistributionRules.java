package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CacheTagConfig;
import software.amazon.awssdk.services.cloudfront.model.CustomErrorResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.LoggingConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.PriceClass;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.http.DotSegments;
import warmfront.http.Fields;

/** The rules between fields of one distribution's configuration, which the table has not. */
final class DistributionRules {
  /** Statuses that may have a custom error response. */
  private static final Set<Integer> ERROR_CODES =
      Set.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504);

  private static final int ROOT_OBJECT_CHARS = 255;
  private static final int PAGE_PATH_CHARS = 4_000;

  private final Site site;
  private final Quotas quotas;
  private final OriginRules originRules;
  private final EntranceRules entranceRules;
  private final BehaviorRules behaviorRules = new BehaviorRules();

  DistributionRules(Site site, Quotas quotas) {
    this.site = site;
    this.quotas = quotas;
    this.originRules = new OriginRules(quotas);
    this.entranceRules = new EntranceRules(site, quotas);
  }

  /**
   * Checks a completed configuration.
   *
   * @throws Refused naming the field
   */
  void check(DistributionConfig config) {
    if (config.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    Comments.check("DistributionConfig", config.comment());
    rootObject(config.defaultRootObject());
    origins(config.origins().items());
    OriginGroupRules.check(config);
    behaviors(config);
    errorResponses(config.customErrorResponses().items());
    LoggingConfig logging = config.logging();
    if (Boolean.TRUE.equals(logging.enabled())) {
      logging("DistributionConfig", logging.bucket(), logging.prefix());
    }
    cacheTags(config.cacheTagConfig());
    entranceRules.check(config);
    if (!config.webACLId().isEmpty()) {
      throw new Refused("InvalidWebACLId", WebAcls.missing(config.webACLId()));
    }
    if (isSet(config.anycastIpListId()) && config.priceClass() != PriceClass.PRICE_CLASS_ALL) {
      throw invalid("PriceClass", "is PriceClass_All with an AnycastIpListId");
    }
    trial(config);
  }

  private static boolean isSet(@Nullable String id) {
    return id != null && !id.isEmpty();
  }

  /** CloudFront, "Quotas and other considerations for continuous deployment". */
  private static void trial(DistributionConfig config) {
    boolean tried = !config.continuousDeploymentPolicyId().isEmpty();
    if (config.staging() && tried) {
      throw invalid("ContinuousDeploymentPolicyId", "is not for a staging distribution");
    }
    if (config.staging() && !config.aliases().items().isEmpty()) {
      throw invalid("Aliases", "are not for a staging distribution: it serves another's names");
    }
    if ((config.staging() || tried) && config.httpVersionAsString().contains("3")) {
      throw invalid("HttpVersion", "may not have HTTP/3 together with continuous deployment");
    }
  }

  private static void rootObject(String name) {
    if (name.startsWith("/") || name.length() > ROOT_OBJECT_CHARS || !isUrlPath(name)) {
      throw new Refused(
          "InvalidDefaultRootObject",
          ("The parameter DistributionConfig.DefaultRootObject has at most %d characters of a URL's"
                  + " path and does not begin with /: '%s'.")
              .formatted(ROOT_OBJECT_CHARS, name));
    }
  }

  /** Returns whether a text may stand in a URL's path as it is (RFC 3986, section 3.3). */
  static boolean isUrlPath(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"<>\\^`{|}?#".indexOf(c) < 0);
  }

  private void origins(List<Origin> origins) {
    if (origins.isEmpty()) {
      throw invalid("Origins", "must have at least one origin");
    }
    if (origins.size() > quotas.of(Quota.ORIGINS)) {
      throw new Refused(
          "TooManyOrigins",
          "%d origins; %d are allowed.".formatted(origins.size(), quotas.of(Quota.ORIGINS)));
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < origins.size(); i++) {
      String path = "Origins.Items[" + i + "]";
      originRules.check(origins.get(i), path);
      if (!ids.add(origins.get(i).id())) {
        throw invalid(path + ".Id", "is given twice: '%s'".formatted(origins.get(i).id()));
      }
    }
  }

  private void behaviors(DistributionConfig config) {
    List<CacheBehavior> behaviors = config.cacheBehaviors().items();
    if (behaviors.size() > quotas.of(Quota.BEHAVIORS)) {
      throw new Refused(
          "TooManyCacheBehaviors",
          "%d cache behaviors; %d are allowed."
              .formatted(behaviors.size(), quotas.of(Quota.BEHAVIORS)));
    }
    Set<String> patterns = new HashSet<>();
    for (int i = 0; i < behaviors.size(); i++) {
      CacheBehavior behavior = behaviors.get(i);
      String path = "CacheBehaviors.Items[" + i + "]";
      BehaviorRules.pattern(behavior.pathPattern(), path);
      if (!patterns.add(behavior.pathPattern())) {
        throw invalid(path + ".PathPattern", "is given twice: " + behavior.pathPattern());
      }
      behavior(config, behavior, path);
    }
    CacheBehavior preset =
        Members.copy(config.defaultCacheBehavior(), CacheBehavior.builder()).build();
    behavior(config, preset, "DefaultCacheBehavior");
  }

  private void behavior(DistributionConfig config, CacheBehavior behavior, String path) {
    behaviorRules.check(behavior, path);
    EncryptionRules.check(config, behavior, path);
    BehaviorRules.calls(behavior, config.httpVersionAsString(), path);
    String full = "DistributionConfig." + path;
    SignerRules.check(behavior.trustedSigners(), site, full + ".TrustedSigners");
    SignerRules.check(behavior.trustedKeyGroups(), full + ".TrustedKeyGroups");
    String target = behavior.targetOriginId();
    if (config.origins().items().stream().noneMatch(origin -> origin.id().equals(target))
        && config.originGroups().items().stream().noneMatch(group -> group.id().equals(target))) {
      throw new Refused(
          "NoSuchOrigin",
          "The parameter DistributionConfig.%s.TargetOriginId names an origin that is not there: %s."
              .formatted(path, target));
    }
    boolean isBucket =
        config.origins().items().stream()
            .anyMatch(origin -> origin.id().equals(target) && origin.s3OriginConfig() != null);
    if (isBucket) {
      BehaviorRules.checkForBucket(behavior, path);
    }
  }

  private static void errorResponses(List<CustomErrorResponse> responses) {
    Set<Integer> codes = new HashSet<>();
    for (CustomErrorResponse response : responses) {
      if (!ERROR_CODES.contains(response.errorCode())) {
        throw new Refused(
            "InvalidErrorCode",
            "The parameter CustomErrorResponses.ErrorCode is not one of %s: %d."
                .formatted(ERROR_CODES.stream().sorted().toList(), response.errorCode()));
      }
      if (!codes.add(response.errorCode())) {
        throw invalid("CustomErrorResponses", "has two of the code " + response.errorCode());
      }
      errorPage(response);
      Long ttl = response.errorCachingMinTTL();
      if (ttl != null && (ttl < 0 || ttl > CachePolicyFamily.MAX_TTL)) {
        throw invalid(
            "CustomErrorResponses.ErrorCachingMinTTL",
            "is 0 to %d: %d".formatted(CachePolicyFamily.MAX_TTL, ttl));
      }
    }
  }

  /** The page and its code are given together, or neither of them. */
  private static void errorPage(CustomErrorResponse response) {
    String path = Objects.requireNonNullElse(response.responsePagePath(), "");
    String code = Objects.requireNonNullElse(response.responseCode(), "");
    if (path.isEmpty() != code.isEmpty()) {
      throw invalid(
          "CustomErrorResponses",
          "has a ResponsePagePath and a ResponseCode for the error %d, or neither: '%s', '%s'"
              .formatted(response.errorCode(), path, code));
    }
    if (path.isEmpty()) {
      return;
    }
    if (!path.startsWith("/") || path.length() > PAGE_PATH_CHARS || !isUrlPath(path)) {
      throw invalid(
          "CustomErrorResponses.ResponsePagePath",
          "has at most %d characters of a URL's path and begins with /: '%s'"
              .formatted(PAGE_PATH_CHARS, path));
    }
    if (!code.equals("200") && ERROR_CODES.stream().noneMatch(one -> code.equals(one.toString()))) {
      throw new Refused(
          "InvalidResponseCode",
          "The parameter CustomErrorResponses.ResponseCode is 200 or one of %s, not '%s'."
              .formatted(ERROR_CODES.stream().sorted().toList(), code));
    }
  }

  /**
   * Checks where access logs go.
   *
   * @param config the structure that says so
   */
  static void logging(String config, @Nullable String bucket, @Nullable String prefix) {
    if (bucket == null || !Buckets.isAmazons(bucket)) {
      throw new Refused(
          "InvalidArgument",
          "The parameter %s.Logging.Bucket does not refer to a valid S3 bucket: '%s'."
              .formatted(config, bucket == null ? "" : bucket));
    }
    if (prefix != null
        && (prefix.startsWith("/")
            || prefix.length() > 256
            || !isUrlPath(prefix)
            || DotSegments.areIn(prefix))) {
      throw new Refused(
          "InvalidArgument",
          ("The parameter %s.Logging.Prefix has at most 256 characters of a path, the first not /,"
                  + " and no segments . and ..: '%s'.")
              .formatted(config, prefix));
    }
  }

  private static void cacheTags(@Nullable CacheTagConfig tags) {
    if (tags == null) {
      return;
    }
    String name = tags.headerName();
    if (!Fields.isToken(name) || name.length() > OriginRules.HEADER_NAME_CHARS) {
      throw invalid(
          "CacheTagConfig.HeaderName",
          "is a header's name of at most %d characters: '%s'"
              .formatted(OriginRules.HEADER_NAME_CHARS, name));
    }
  }

  static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument", "The parameter DistributionConfig.%s %s.".formatted(field, what));
  }
}
