package warmfront.control.api;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CacheTagConfig;
import software.amazon.awssdk.services.cloudfront.model.CustomErrorResponse;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.ForwardedValues;
import software.amazon.awssdk.services.cloudfront.model.LoggingConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginGroup;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginConfig;
import warmfront.control.api.wire.Members;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.Placeholders;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Reach;
import warmfront.distribution.Remedies;
import warmfront.distribution.Wishes;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Makes what edges serve of a checked configuration. */
@SuppressWarnings("deprecation") // the legacy fields, which the API still takes
final class DistributionCompiler {
  private DistributionCompiler() {}

  static Distribution compile(String id, String domainName, DistributionConfig config) {
    CacheBehavior preset =
        Members.copy(config.defaultCacheBehavior(), CacheBehavior.builder())
            .pathPattern("*")
            .build();
    return new Distribution(
        id,
        domainName,
        config.enabled(),
        config.aliases().items().stream().map(AliasRules::lower).toList(),
        config.defaultRootObject(),
        config.isIPV6Enabled(),
        config.httpVersionAsString().startsWith("http2"),
        priceClass(config.priceClassAsString()),
        config.origins().items().stream().map(DistributionCompiler::origin).toList(),
        config.cacheBehaviors().items().stream().map(behavior -> behavior(id, behavior)).toList(),
        behavior(id, preset),
        errorTtls(config.customErrorResponses().items()),
        logging(config.logging()),
        Optional.ofNullable(config.cacheTagConfig()).map(CacheTagConfig::headerName),
        Wishes.NONE,
        EntranceRules.compile(config),
        remedies(config));
  }

  private static Remedies remedies(DistributionConfig config) {
    return new Remedies(
        pages(config.customErrorResponses().items()),
        config.originGroups().items().stream().map(DistributionCompiler::group).toList());
  }

  private static Map<Integer, Remedies.Page> pages(List<CustomErrorResponse> responses) {
    Map<Integer, Remedies.Page> pages = new HashMap<>();
    for (CustomErrorResponse response : responses) {
      if (response.responsePagePath() != null && !response.responsePagePath().isEmpty()) {
        int status = Integer.parseInt(response.responseCode());
        pages.put(response.errorCode(), new Remedies.Page(response.responsePagePath(), status));
      }
    }
    return pages;
  }

  private static Remedies.OriginGroup group(OriginGroup group) {
    return new Remedies.OriginGroup(
        group.id(),
        group.members().items().getFirst().originId(),
        group.members().items().getLast().originId(),
        Set.copyOf(group.failoverCriteria().statusCodes().items()),
        "media-quality-based".equals(group.selectionCriteriaAsString()));
  }

  static PriceClass priceClass(String name) {
    return switch (name) {
      case "PriceClass_100" -> PriceClass.PRICE_CLASS_100;
      case "PriceClass_200" -> PriceClass.PRICE_CLASS_200;
      case "PriceClass_All", TenancyRules.NO_PRICE_CLASS -> PriceClass.PRICE_CLASS_ALL;
      default -> throw new IllegalArgumentException("no such price class: " + name);
    };
  }

  private static Origin origin(software.amazon.awssdk.services.cloudfront.model.Origin origin) {
    Fields.Builder headers = Fields.builder();
    origin
        .customHeaders()
        .items()
        .forEach(header -> headers.add(header.headerName(), header.headerValue()));
    return new Origin(
        origin.id(),
        lower(origin.domainName()),
        origin.originPath(),
        headers.build(),
        type(origin),
        origin.connectionAttempts(),
        Duration.ofSeconds(origin.connectionTimeout()),
        reach(origin));
  }

  /** Names of parameters keep their case. */
  private static String lower(String domainName) {
    return Placeholders.isPlain(domainName) ? domainName.toLowerCase(Locale.ROOT) : domainName;
  }

  private static Reach reach(software.amazon.awssdk.services.cloudfront.model.Origin origin) {
    CustomOriginConfig server = origin.customOriginConfig();
    return new Reach(
        Optional.ofNullable(origin.responseCompletionTimeout()).map(Duration::ofSeconds),
        server == null ? Reach.Family.IPV4 : family(server.ipAddressTypeAsString()),
        origin.originShield().enabled()
            ? Optional.of(origin.originShield().originShieldRegion())
            : Optional.empty(),
        Optional.of(origin.originAccessControlId())
            .filter(id -> origin.s3OriginConfig() == null && !id.isEmpty()),
        Optional.ofNullable(origin.vpcOriginConfig()).map(VpcOriginConfig::vpcOriginId),
        MtlsRules.shown(server));
  }

  private static Reach.Family family(String name) {
    return switch (name) {
      case "ipv6" -> Reach.Family.IPV6;
      case "dualstack" -> Reach.Family.DUALSTACK;
      default -> Reach.Family.IPV4;
    };
  }

  private static Origin.Type type(software.amazon.awssdk.services.cloudfront.model.Origin origin) {
    if (origin.vpcOriginConfig() != null) {
      return inside(origin.vpcOriginConfig());
    }
    return origin.customOriginConfig() == null
        ? bucket(origin)
        : server(origin.customOriginConfig());
  }

  /** The VPC origin says the rest. */
  private static Origin.Type inside(VpcOriginConfig config) {
    return new Origin.Custom(
        80,
        443,
        Origin.Protocol.MATCH_VIEWER,
        List.of(),
        Duration.ofSeconds(config.originReadTimeout()),
        Duration.ofSeconds(config.originKeepaliveTimeout()));
  }

  private static Origin.Type bucket(
      software.amazon.awssdk.services.cloudfront.model.Origin origin) {
    Optional<String> control =
        Optional.of(origin.originAccessControlId())
            .filter(id -> !id.isEmpty())
            .or(() -> AccessIdentities.id(origin.s3OriginConfig().originAccessIdentity()));
    return new Origin.S3(control, Duration.ofSeconds(origin.s3OriginConfig().originReadTimeout()));
  }

  private static Origin.Type server(CustomOriginConfig server) {
    return new Origin.Custom(
        server.httpPort(),
        server.httpsPort(),
        protocol(server.originProtocolPolicyAsString()),
        server.originSslProtocols().itemsAsStrings(),
        Duration.ofSeconds(server.originReadTimeout()),
        Duration.ofSeconds(server.originKeepaliveTimeout()));
  }

  static Origin.Protocol protocol(String name) {
    return switch (name) {
      case "http-only" -> Origin.Protocol.HTTP_ONLY;
      case "https-only" -> Origin.Protocol.HTTPS_ONLY;
      default -> Origin.Protocol.MATCH_VIEWER;
    };
  }

  private static Behavior behavior(String id, CacheBehavior behavior) {
    boolean policy = behavior.cachePolicyId() != null && !behavior.cachePolicyId().isEmpty();
    return new Behavior(
        behavior.pathPattern(),
        behavior.targetOriginId(),
        switch (behavior.viewerProtocolPolicyAsString()) {
          case "https-only" -> ViewerProtocol.HTTPS_ONLY;
          case "redirect-to-https" -> ViewerProtocol.REDIRECT_TO_HTTPS;
          default -> ViewerProtocol.ALLOW_ALL;
        },
        methods(behavior.allowedMethods().itemsAsStrings()),
        methods(behavior.allowedMethods().cachedMethods().itemsAsStrings()),
        policy ? Optional.of(behavior.cachePolicyId()) : Optional.empty(),
        policy ? Optional.empty() : Optional.of(legacy(id, behavior)),
        options(behavior));
  }

  private static Behavior.Options options(CacheBehavior behavior) {
    return new Behavior.Options(
        named(behavior.originRequestPolicyId()),
        named(behavior.responseHeadersPolicyId()),
        named(behavior.fieldLevelEncryptionId()),
        SignerRules.compile(behavior),
        traits(behavior));
  }

  private static Optional<String> named(@Nullable String id) {
    return Optional.ofNullable(id).filter(name -> !name.isEmpty());
  }

  private static Set<Behavior.Trait> traits(CacheBehavior behavior) {
    Set<Behavior.Trait> traits = EnumSet.noneOf(Behavior.Trait.class);
    if (Boolean.TRUE.equals(behavior.compress())) {
      traits.add(Behavior.Trait.COMPRESS);
    }
    boolean keysOnSome =
        behavior.forwardedValues() != null
            && !behavior.forwardedValues().queryStringCacheKeys().items().isEmpty();
    if (keysOnSome) {
      traits.add(Behavior.Trait.WHOLE_QUERY);
    }
    if (BehaviorRules.passesCalls(behavior)) {
      traits.add(Behavior.Trait.GRPC);
    }
    if (Boolean.TRUE.equals(behavior.smoothStreaming())) {
      traits.add(Behavior.Trait.SMOOTH);
    }
    return traits;
  }

  private static Set<Method> methods(List<String> names) {
    return names.stream().map(Method::of).collect(Collectors.toUnmodifiableSet());
  }

  /** A behavior without a policy normalises gzip alone, as CloudFront's legacy settings do. */
  private static CachePolicy legacy(String id, CacheBehavior behavior) {
    ForwardedValues forwarded = behavior.forwardedValues();
    String name = id + " " + behavior.pathPattern();
    return new CachePolicy(
        name,
        name,
        Duration.ofSeconds(behavior.minTTL()),
        Duration.ofSeconds(behavior.defaultTTL()),
        Duration.ofSeconds(behavior.maxTTL()),
        true,
        false,
        headers(forwarded.headers().items()),
        switch (forwarded.cookies().forwardAsString()) {
          case "all" -> NameSet.ALL;
          case "whitelist" ->
              new NameSet(NameSet.Mode.WHITELIST, forwarded.cookies().whitelistedNames().items());
          default -> NameSet.NONE;
        },
        queryStrings(forwarded));
  }

  private static NameSet queryStrings(ForwardedValues forwarded) {
    List<String> keys = forwarded.queryStringCacheKeys().items();
    if (!keys.isEmpty()) {
      return new NameSet(NameSet.Mode.WHITELIST, keys);
    }
    return forwarded.queryString() ? NameSet.ALL : NameSet.NONE;
  }

  private static NameSet headers(List<String> names) {
    if (names.isEmpty()) {
      return NameSet.NONE;
    }
    return names.contains("*") ? NameSet.ALL : new NameSet(NameSet.Mode.WHITELIST, names);
  }

  private static Map<Integer, Duration> errorTtls(List<CustomErrorResponse> responses) {
    Map<Integer, Duration> ttls = new HashMap<>();
    for (CustomErrorResponse response : responses) {
      if (response.errorCachingMinTTL() != null) {
        ttls.put(response.errorCode(), Duration.ofSeconds(response.errorCachingMinTTL()));
      }
    }
    return ttls;
  }

  private static Optional<Distribution.Logging> logging(LoggingConfig logging) {
    if (!Boolean.TRUE.equals(logging.enabled())) {
      return Optional.empty();
    }
    return Optional.of(
        new Distribution.Logging(
            logging.bucket().toLowerCase(Locale.ROOT),
            logging.prefix() == null ? "" : logging.prefix(),
            Boolean.TRUE.equals(logging.includeCookies())));
  }
}
