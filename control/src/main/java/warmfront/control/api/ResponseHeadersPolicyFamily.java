package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicy;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyAccessControlExposeHeaders;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCorsConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyRemoveHeader;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySecurityHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyServerTimingHeadersConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyStrictTransportSecurity;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyXSSProtection;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy.Cors;
import warmfront.distribution.ResponseHeadersPolicy.Header;

/** Response headers policies: what is put on responses and taken off. */
final class ResponseHeadersPolicyFamily
    implements Family<ResponseHeadersPolicyConfig, ResponseHeadersPolicy> {
  static final String TYPE = "response-headers-policy";

  /** A sampling rate is a percentage with four decimals: so many of a million. */
  private static final int PARTS_OF_A_PERCENT = 10_000;

  private final Words words;

  ResponseHeadersPolicyFamily(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "ResponseHeadersPolicy",
            Kind.RESPONSE_HEADERS_POLICY,
            "",
            "NoSuchResponseHeadersPolicy",
            "TooManyResponseHeadersPolicies",
            quotas.of(Quota.POLICIES),
            "ResponseHeadersPolicyInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public List<ResponseHeadersPolicy> managed() {
    return ManagedResponseHeadersPolicies.all();
  }

  @Override
  public SdkPojo blank() {
    return ResponseHeadersPolicy.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.uuid();
  }

  @Override
  public ResponseHeadersPolicyConfig complete(ResponseHeadersPolicyConfig asked) {
    ResponseHeadersPolicyConfig config =
        asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
    Policies.check("ResponseHeadersPolicyConfig", config.name(), config.comment());
    ResponseHeadersRules.check(config);
    return config;
  }

  @Override
  public void refer(Transaction tx, ResponseHeadersPolicyConfig config) {}

  @Override
  public void change(ResponseHeadersPolicyConfig before, ResponseHeadersPolicyConfig after) {}

  @Override
  public List<Name> names(ResponseHeadersPolicyConfig config) {
    return Policies.names(TYPE, config.name(), "ResponseHeadersPolicyAlreadyExists");
  }

  @Override
  public ResponseHeadersPolicy make(Ids ids, String id, ResponseHeadersPolicyConfig config) {
    return ResponseHeadersPolicy.builder().id(id).responseHeadersPolicyConfig(config).build();
  }

  @Override
  public ResponseHeadersPolicy with(
      ResponseHeadersPolicy resource, ResponseHeadersPolicyConfig config) {
    return resource.toBuilder().responseHeadersPolicyConfig(config).build();
  }

  @Override
  public ResponseHeadersPolicyConfig config(ResponseHeadersPolicy resource) {
    return resource.responseHeadersPolicyConfig();
  }

  @Override
  public ResponseHeadersPolicy show(Transaction tx, Row row, ResponseHeadersPolicy resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(ResponseHeadersPolicy resource) {
    ResponseHeadersPolicyConfig config = resource.responseHeadersPolicyConfig();
    List<Header> headers = new ArrayList<>();
    Optional.ofNullable(config.securityHeadersConfig()).ifPresent(of -> security(of, headers));
    Optional.ofNullable(config.customHeadersConfig())
        .ifPresent(custom ->
            custom
                .items()
                .forEach(
                    one -> headers.add(new Header(one.header(), one.value(), one.override()))));
    return new warmfront.distribution.ResponseHeadersPolicy(
        resource.id(),
        config.name(),
        config.removeHeadersConfig() == null
            ? List.of()
            : config.removeHeadersConfig().items().stream()
                .map(ResponseHeadersPolicyRemoveHeader::header)
                .toList(),
        Optional.ofNullable(config.corsConfig()).map(ResponseHeadersPolicyFamily::cors),
        headers,
        timing(config.serverTimingHeadersConfig()));
  }

  private static Cors cors(ResponseHeadersPolicyCorsConfig config) {
    @Nullable ResponseHeadersPolicyAccessControlExposeHeaders exposed =
        config.accessControlExposeHeaders();
    @Nullable Integer maxAge = config.accessControlMaxAgeSec();
    return new Cors(
        config.accessControlAllowCredentials(),
        config.accessControlAllowHeaders().items(),
        config.accessControlAllowMethods().itemsAsStrings(),
        config.accessControlAllowOrigins().items(),
        exposed == null ? List.of() : exposed.items(),
        maxAge == null ? OptionalInt.empty() : OptionalInt.of(maxAge),
        config.originOverride());
  }

  private static void security(
      ResponseHeadersPolicySecurityHeadersConfig config, List<Header> headers) {
    Optional.ofNullable(config.contentSecurityPolicy())
        .ifPresent(policy ->
            headers.add(
                new Header(
                    "Content-Security-Policy", policy.contentSecurityPolicy(), policy.override())));
    Optional.ofNullable(config.referrerPolicy())
        .ifPresent(policy ->
            headers.add(
                new Header("Referrer-Policy", policy.referrerPolicyAsString(), policy.override())));
    Optional.ofNullable(config.strictTransportSecurity())
        .ifPresent(hsts ->
            headers.add(new Header("Strict-Transport-Security", value(hsts), hsts.override())));
    Optional.ofNullable(config.contentTypeOptions())
        .ifPresent(options ->
            headers.add(new Header("X-Content-Type-Options", "nosniff", options.override())));
    Optional.ofNullable(config.frameOptions())
        .ifPresent(options ->
            headers.add(
                new Header("X-Frame-Options", options.frameOptionAsString(), options.override())));
    Optional.ofNullable(config.xssProtection())
        .ifPresent(xss -> headers.add(new Header("X-XSS-Protection", value(xss), xss.override())));
  }

  /** RFC 6797, section 6.1. */
  private static String value(ResponseHeadersPolicyStrictTransportSecurity hsts) {
    return "max-age="
        + hsts.accessControlMaxAgeSec()
        + (Boolean.TRUE.equals(hsts.includeSubdomains()) ? "; includeSubDomains" : "")
        + (Boolean.TRUE.equals(hsts.preload()) ? "; preload" : "");
  }

  private static String value(ResponseHeadersPolicyXSSProtection xss) {
    if (!xss.protection()) {
      return "0";
    }
    return "1"
        + (Boolean.TRUE.equals(xss.modeBlock()) ? "; mode=block" : "")
        + (xss.reportUri() == null ? "" : "; report=" + xss.reportUri());
  }

  private static OptionalInt timing(
      @Nullable ResponseHeadersPolicyServerTimingHeadersConfig config) {
    if (config == null || !config.enabled()) {
      return OptionalInt.empty();
    }
    double percent = Objects.requireNonNullElse(config.samplingRate(), 0.0);
    return OptionalInt.of((int) Math.round(percent * PARTS_OF_A_PERCENT));
  }

  @Override
  public Optional<String> usersOperation() {
    return Optional.of("ListDistributionsByResponseHeadersPolicyId");
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Policies.uses(user, id, behavior -> behavior.options().responseHeadersPolicyId());
  }
}
