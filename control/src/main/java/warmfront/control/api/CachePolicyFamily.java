package warmfront.control.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CachePolicy;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyCookiesConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyQueryStringsConfig;
import software.amazon.awssdk.services.cloudfront.model.ParametersInCacheKeyAndForwardedToOrigin;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Behavior;
import warmfront.distribution.Kind;
import warmfront.distribution.NameSet;
import warmfront.distribution.Resource;

/** Cache policies: what is in the cache key, and how long objects live. */
final class CachePolicyFamily implements Family<CachePolicyConfig, CachePolicy> {
  static final String TYPE = "cache-policy";

  private static final String CONFIG = "CachePolicyConfig";

  /** What objects live by default; CloudFront's default. */
  static final long DEFAULT_TTL = 86_400;

  /** What objects live at most by default; CloudFront's default. */
  static final long MAX_TTL = 31_536_000;

  private final Quotas quotas;
  private final Words words;

  CachePolicyFamily(Quotas quotas) {
    this.quotas = quotas;
    this.words =
        new Words(
            TYPE,
            "CachePolicy",
            Kind.CACHE_POLICY,
            "",
            "NoSuchCachePolicy",
            "TooManyCachePolicies",
            quotas.of(Quota.POLICIES),
            "CachePolicyInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public List<CachePolicy> managed() {
    return ManagedCachePolicies.all();
  }

  @Override
  public SdkPojo blank() {
    return CachePolicy.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.uuid();
  }

  @Override
  public CachePolicyConfig complete(CachePolicyConfig asked) {
    long min = asked.minTTL();
    long preset = Objects.requireNonNullElse(asked.defaultTTL(), Math.max(DEFAULT_TTL, min));
    long max = Objects.requireNonNullElse(asked.maxTTL(), Math.max(MAX_TTL, preset));
    if (min < 0 || preset < min || max < preset) {
      throw invalid(
          "MinTTL",
          "and the others must be 0 <= MinTTL <= DefaultTTL <= MaxTTL: %d, %d, %d"
              .formatted(min, preset, max));
    }
    CachePolicyConfig config =
        asked.toBuilder()
            .comment(Objects.requireNonNullElse(asked.comment(), ""))
            .defaultTTL(preset)
            .maxTTL(max)
            .parametersInCacheKeyAndForwardedToOrigin(
                parameters(asked.parametersInCacheKeyAndForwardedToOrigin()))
            .build();
    check(config);
    return config;
  }

  private static ParametersInCacheKeyAndForwardedToOrigin parameters(
      @Nullable ParametersInCacheKeyAndForwardedToOrigin asked) {
    if (asked == null) {
      return ParametersInCacheKeyAndForwardedToOrigin.builder()
          .enableAcceptEncodingGzip(false)
          .enableAcceptEncodingBrotli(false)
          .headersConfig(CachePolicyHeadersConfig.builder().headerBehavior("none").build())
          .cookiesConfig(CachePolicyCookiesConfig.builder().cookieBehavior("none").build())
          .queryStringsConfig(
              CachePolicyQueryStringsConfig.builder().queryStringBehavior("none").build())
          .build();
    }
    return asked.enableAcceptEncodingBrotli() == null
        ? asked.toBuilder().enableAcceptEncodingBrotli(false).build()
        : asked;
  }

  private void check(CachePolicyConfig config) {
    Policies.check(CONFIG, config.name(), config.comment());
    ParametersInCacheKeyAndForwardedToOrigin key =
        config.parametersInCacheKeyAndForwardedToOrigin();
    Selection headers =
        Selection.of(
            "HeadersConfig.Headers",
            key.headersConfig().headerBehaviorAsString(),
            key.headersConfig().headers() == null ? null : key.headersConfig().headers().items());
    Selection cookies =
        Selection.of(
            "CookiesConfig.Cookies",
            key.cookiesConfig().cookieBehaviorAsString(),
            key.cookiesConfig().cookies() == null ? null : key.cookiesConfig().cookies().items());
    Selection queries =
        Selection.of(
            "QueryStringsConfig.QueryStrings",
            key.queryStringsConfig().queryStringBehaviorAsString(),
            key.queryStringsConfig().queryStrings() == null
                ? null
                : key.queryStringsConfig().queryStrings().items());
    PolicyHeaders.checkKey(headers.field(), headers.names().names());
    headers.limit(quotas.of(Quota.POLICY_NAMES), "TooManyHeadersInCachePolicy");
    cookies.limit(quotas.of(Quota.POLICY_NAMES), "TooManyCookiesInCachePolicy");
    queries.limit(quotas.of(Quota.POLICY_NAMES), "TooManyQueryStringsInCachePolicy");
    boolean selects =
        key.enableAcceptEncodingGzip()
            || key.enableAcceptEncodingBrotli()
            || headers.selects()
            || cookies.selects()
            || queries.selects();
    if (config.maxTTL() == 0 && selects) {
      throw invalid(
          "ParametersInCacheKeyAndForwardedToOrigin",
          "selects something for the cache key, but MaxTTL 0 disables caching");
    }
  }

  @Override
  public void refer(Transaction tx, CachePolicyConfig config) {}

  @Override
  public void change(CachePolicyConfig before, CachePolicyConfig after) {}

  @Override
  public List<Name> names(CachePolicyConfig config) {
    return Policies.names(TYPE, config.name(), "CachePolicyAlreadyExists");
  }

  @Override
  public CachePolicy make(Ids ids, String id, CachePolicyConfig config) {
    return CachePolicy.builder().id(id).cachePolicyConfig(config).build();
  }

  @Override
  public CachePolicy with(CachePolicy resource, CachePolicyConfig config) {
    return resource.toBuilder().cachePolicyConfig(config).build();
  }

  @Override
  public CachePolicyConfig config(CachePolicy resource) {
    return resource.cachePolicyConfig();
  }

  @Override
  public CachePolicy show(Transaction tx, Row row, CachePolicy resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(CachePolicy resource) {
    CachePolicyConfig config = resource.cachePolicyConfig();
    ParametersInCacheKeyAndForwardedToOrigin key =
        config.parametersInCacheKeyAndForwardedToOrigin();
    return new warmfront.distribution.CachePolicy(
        resource.id(),
        config.name(),
        Duration.ofSeconds(config.minTTL()),
        Duration.ofSeconds(config.defaultTTL()),
        Duration.ofSeconds(config.maxTTL()),
        key.enableAcceptEncodingGzip(),
        key.enableAcceptEncodingBrotli(),
        names(
            key.headersConfig().headerBehaviorAsString(),
            key.headersConfig().headers() == null ? null : key.headersConfig().headers().items()),
        names(
            key.cookiesConfig().cookieBehaviorAsString(),
            key.cookiesConfig().cookies() == null ? null : key.cookiesConfig().cookies().items()),
        names(
            key.queryStringsConfig().queryStringBehaviorAsString(),
            key.queryStringsConfig().queryStrings() == null
                ? null
                : key.queryStringsConfig().queryStrings().items()));
  }

  private static NameSet names(String behavior, @Nullable List<String> items) {
    return Selection.of("", behavior, items).names();
  }

  @Override
  public Optional<String> usersOperation() {
    return Optional.of("ListDistributionsByCachePolicyId");
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Policies.uses(user, id, Behavior::cachePolicyId);
  }

  private static Refused invalid(String field, String what) {
    return Policies.invalid(CONFIG, field, what);
  }
}
