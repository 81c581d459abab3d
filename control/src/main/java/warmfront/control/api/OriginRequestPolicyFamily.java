package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicy;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyCookiesConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyQueryStringsConfig;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.Resource;

/** Origin request policies: what goes to the origin beside what is in the cache key. */
final class OriginRequestPolicyFamily
    implements Family<OriginRequestPolicyConfig, OriginRequestPolicy> {
  static final String TYPE = "origin-request-policy";

  private static final String CONFIG = "OriginRequestPolicyConfig";
  private static final String HEADERS = "HeadersConfig.Headers";
  private static final String COOKIES = "CookiesConfig.Cookies";
  private static final String QUERIES = "QueryStringsConfig.QueryStrings";

  private final Quotas quotas;
  private final Words words;

  OriginRequestPolicyFamily(Quotas quotas) {
    this.quotas = quotas;
    this.words =
        new Words(
            TYPE,
            "OriginRequestPolicy",
            Kind.ORIGIN_REQUEST_POLICY,
            "",
            "NoSuchOriginRequestPolicy",
            "TooManyOriginRequestPolicies",
            quotas.of(Quota.POLICIES),
            "OriginRequestPolicyInUse");
  }

  @Override
  public List<OriginRequestPolicy> managed() {
    return ManagedOriginRequestPolicies.all();
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return OriginRequestPolicy.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.uuid();
  }

  @Override
  public OriginRequestPolicyConfig complete(OriginRequestPolicyConfig asked) {
    OriginRequestPolicyConfig config =
        asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
    Policies.check(CONFIG, config.name(), config.comment());
    headers(config.headersConfig());
    cookies(config.cookiesConfig())
        .limit(quotas.of(Quota.POLICY_NAMES), "TooManyCookiesInOriginRequestPolicy");
    queries(config.queryStringsConfig())
        .limit(quotas.of(Quota.POLICY_NAMES), "TooManyQueryStringsInOriginRequestPolicy");
    return config;
  }

  private void headers(OriginRequestPolicyHeadersConfig asked) {
    List<String> names = names(asked);
    Selection.limit(
        HEADERS, names, quotas.of(Quota.POLICY_NAMES), "TooManyHeadersInOriginRequestPolicy");
    switch (mode(asked)) {
      case NONE, ALL_VIEWER -> {}
      case WHITELIST -> PolicyHeaders.checkForOrigin(HEADERS, names);
      case ALL_VIEWER_AND_WHITELIST_CLOUDFRONT -> PolicyHeaders.checkOwn(HEADERS, names);
      case ALL_EXCEPT -> PolicyHeaders.checkTokens(HEADERS, names);
    }
  }

  private static HeaderMode mode(OriginRequestPolicyHeadersConfig config) {
    return switch (config.headerBehaviorAsString()) {
      case "none" -> HeaderMode.NONE;
      case "whitelist" -> HeaderMode.WHITELIST;
      case "allViewer" -> HeaderMode.ALL_VIEWER;
      case "allViewerAndWhitelistCloudFront" -> HeaderMode.ALL_VIEWER_AND_WHITELIST_CLOUDFRONT;
      case "allExcept" -> HeaderMode.ALL_EXCEPT;
      default ->
          throw new IllegalArgumentException(
              "no such behavior: " + config.headerBehaviorAsString());
    };
  }

  private static List<String> names(OriginRequestPolicyHeadersConfig config) {
    HeaderMode mode = mode(config);
    return Selection.names(
        HEADERS,
        config.headerBehaviorAsString(),
        mode != HeaderMode.NONE && mode != HeaderMode.ALL_VIEWER,
        config.headers() == null ? null : config.headers().items());
  }

  private static Selection cookies(OriginRequestPolicyCookiesConfig config) {
    @Nullable List<String> items = config.cookies() == null ? null : config.cookies().items();
    return Selection.of(COOKIES, config.cookieBehaviorAsString(), items);
  }

  private static Selection queries(OriginRequestPolicyQueryStringsConfig config) {
    @Nullable List<String> items =
        config.queryStrings() == null ? null : config.queryStrings().items();
    return Selection.of(QUERIES, config.queryStringBehaviorAsString(), items);
  }

  @Override
  public void refer(Transaction tx, OriginRequestPolicyConfig config) {}

  @Override
  public void change(OriginRequestPolicyConfig before, OriginRequestPolicyConfig after) {}

  @Override
  public List<Name> names(OriginRequestPolicyConfig config) {
    return Policies.names(TYPE, config.name(), "OriginRequestPolicyAlreadyExists");
  }

  @Override
  public OriginRequestPolicy make(Ids ids, String id, OriginRequestPolicyConfig config) {
    return OriginRequestPolicy.builder().id(id).originRequestPolicyConfig(config).build();
  }

  @Override
  public OriginRequestPolicy with(OriginRequestPolicy resource, OriginRequestPolicyConfig config) {
    return resource.toBuilder().originRequestPolicyConfig(config).build();
  }

  @Override
  public OriginRequestPolicyConfig config(OriginRequestPolicy resource) {
    return resource.originRequestPolicyConfig();
  }

  @Override
  public OriginRequestPolicy show(Transaction tx, Row row, OriginRequestPolicy resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(OriginRequestPolicy resource) {
    OriginRequestPolicyConfig config = resource.originRequestPolicyConfig();
    return new warmfront.distribution.OriginRequestPolicy(
        resource.id(),
        config.name(),
        mode(config.headersConfig()),
        names(config.headersConfig()),
        cookies(config.cookiesConfig()).names(),
        queries(config.queryStringsConfig()).names());
  }

  @Override
  public Optional<String> usersOperation() {
    return Optional.of("ListDistributionsByOriginRequestPolicyId");
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Policies.uses(user, id, behavior -> behavior.options().originRequestPolicyId());
  }
}
