package warmfront.control.api;

import static warmfront.control.api.DistributionRules.invalid;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.ParameterDefinition;
import software.amazon.awssdk.services.cloudfront.model.TrustedSigners;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Placeholders;
import warmfront.distribution.Tenancy;

/** What a multi-tenant distribution may have (CloudFront, "Multi-tenant distributions"). */
@SuppressWarnings("deprecation") // the legacy fields, which it may not have
final class TenancyRules {
  /** The price class of a multi-tenant distribution, which has none. */
  static final String NO_PRICE_CLASS = "None";

  private static final String TENANT_ONLY = "tenant-only";

  /** What stands in the places of parameters while the rest is checked. */
  private static final String SAMPLE = "xxx";

  /** CloudFront's quotas. */
  private static final int PARAMETERS_MAX = 5;

  private static final int PARAMETERS_OF_FIELD_MAX = 2;

  private TenancyRules() {}

  /** Returns whether a configuration is that of a multi-tenant distribution. */
  static boolean isShared(DistributionConfig config) {
    return TENANT_ONLY.equals(config.connectionModeAsString());
  }

  /** Returns the ids of the distributions of a connection mode, sorted. */
  static List<String> ofMode(Transaction tx, String mode) {
    boolean shared = mode.equals(TENANT_ONLY);
    return tx.latest(Kind.DISTRIBUTION).stream()
        .map(Distribution.class::cast)
        .filter(one -> one.entrance().tenancy().isPresent() == shared)
        .map(Distribution::id)
        .filter(id -> tx.find(DistributionFamily.TYPE, id).isPresent())
        .sorted()
        .toList();
  }

  /**
   * Checks a completed configuration, before all other rules.
   *
   * @throws Refused naming the field
   */
  static void check(DistributionConfig config) {
    if (!isShared(config)) {
      refuse(config.tenantConfig() != null, "TenantConfig", "is for ConnectionMode tenant-only");
      refuse(
          NO_PRICE_CLASS.equals(config.priceClassAsString()),
          "PriceClass",
          "with the value None is for ConnectionMode tenant-only");
      return;
    }
    settings(config);
    for (int i = 0; i < config.origins().items().size(); i++) {
      origin(config.origins().items().get(i), "Origins.Items[" + i + "]", names(config));
    }
    behavior(
        config.defaultCacheBehavior().cachePolicyId(),
        config.defaultCacheBehavior().trustedSigners(),
        config.defaultCacheBehavior().smoothStreaming(),
        "DefaultCacheBehavior");
    for (int i = 0; i < config.cacheBehaviors().items().size(); i++) {
      CacheBehavior behavior = config.cacheBehaviors().items().get(i);
      behavior(
          behavior.cachePolicyId(),
          behavior.trustedSigners(),
          behavior.smoothStreaming(),
          "CacheBehaviors.Items[" + i + "]");
    }
  }

  private static void settings(DistributionConfig config) {
    refuse(
        !config.aliases().items().isEmpty(),
        "Aliases",
        "are its tenants' in a multi-tenant distribution");
    refuse(
        config.anycastIpListId() != null && !config.anycastIpListId().isEmpty(),
        "AnycastIpListId",
        "is the connection group's in a multi-tenant distribution");
    refuse(config.staging(), "Staging", "is not for a multi-tenant distribution");
    refuse(
        !config.continuousDeploymentPolicyId().isEmpty(),
        "ContinuousDeploymentPolicyId",
        "is not for a multi-tenant distribution");
    refuse(
        Boolean.TRUE.equals(config.logging().enabled()),
        "Logging",
        "is not for a multi-tenant distribution");
    refuse(
        config.isIPV6Enabled(),
        "IsIPV6Enabled",
        "is the connection group's in a multi-tenant distribution");
    refuse(
        config.viewerCertificate().iamCertificateId() != null
            && !config.viewerCertificate().iamCertificateId().isEmpty(),
        "ViewerCertificate.IAMCertificateId",
        "is not for a multi-tenant distribution: use ACMCertificateArn");
    refuse(
        !NO_PRICE_CLASS.equals(config.priceClassAsString()),
        "PriceClass",
        "is not for a multi-tenant distribution");
  }

  /** Returns the names of the parameters. */
  private static Set<String> names(DistributionConfig config) {
    List<ParameterDefinition> definitions = definitions(config);
    String path = "TenantConfig.ParameterDefinitions";
    if (definitions.size() > PARAMETERS_MAX) {
      throw invalid(
          path, "has %d parameters; %d are allowed".formatted(definitions.size(), PARAMETERS_MAX));
    }
    Set<String> names = new HashSet<>();
    for (ParameterDefinition definition : definitions) {
      refuse(!names.add(definition.name()), path, "has one twice: " + definition.name());
      refuse(
          definition.definition().stringSchema() == null,
          path,
          "has one without a StringSchema: " + definition.name());
    }
    return names;
  }

  static List<ParameterDefinition> definitions(DistributionConfig config) {
    return config.tenantConfig() == null ? List.of() : config.tenantConfig().parameterDefinitions();
  }

  private static void origin(Origin origin, String path, Set<String> names) {
    field(origin.domainName(), path + ".DomainName", names);
    field(origin.originPath(), path + ".OriginPath", names);
    refuse(
        origin.s3OriginConfig() != null
            && !origin.s3OriginConfig().originAccessIdentity().isEmpty(),
        path + ".S3OriginConfig.OriginAccessIdentity",
        "is not for a multi-tenant distribution: use an origin access control");
  }

  private static void field(String text, String path, Set<String> names) {
    List<String> used = Placeholders.names(text);
    if (used.size() > PARAMETERS_OF_FIELD_MAX) {
      throw invalid(
          path,
          "has %d parameters; %d are allowed".formatted(used.size(), PARAMETERS_OF_FIELD_MAX));
    }
    for (String name : used) {
      refuse(!names.contains(name), path, "has a parameter that is not defined: " + name);
    }
  }

  private static void behavior(
      @Nullable String cachePolicyId,
      @Nullable TrustedSigners signers,
      boolean smooth,
      String path) {
    refuse(smooth, path + ".SmoothStreaming", "is not for a multi-tenant distribution");
    refuse(
        cachePolicyId == null || cachePolicyId.isEmpty(),
        path + ".CachePolicyId",
        "is required in a multi-tenant distribution, which has no ForwardedValues and TTLs");
    refuse(
        signers != null && signers.enabled(),
        path + ".TrustedSigners",
        "are not for a multi-tenant distribution: use trusted key groups");
  }

  private static void refuse(boolean is, String field, String what) {
    if (is) {
      throw invalid(field, what);
    }
  }

  /** Returns the configuration with something in the places of parameters, for other rules. */
  static DistributionConfig sample(DistributionConfig config) {
    if (!isShared(config)) {
      return config;
    }
    Map<String, String> values = new HashMap<>();
    definitions(config).forEach(one -> values.put(one.name(), SAMPLE));
    return filled(config, values);
  }

  /**
   * Returns the configuration with values in the places of parameters.
   *
   * @throws IllegalArgumentException if one has no value
   */
  static DistributionConfig filled(DistributionConfig config, Map<String, String> values) {
    List<Origin> origins =
        config.origins().items().stream()
            .map(origin ->
                origin.toBuilder()
                    .domainName(Placeholders.filled(origin.domainName(), values))
                    .originPath(Placeholders.filled(origin.originPath(), values))
                    .build())
            .toList();
    return config.toBuilder().origins(o -> o.quantity(origins.size()).items(origins)).build();
  }

  /** Returns what edges are told. */
  static Tenancy compile(DistributionConfig config) {
    Map<String, String> defaults = new HashMap<>();
    for (ParameterDefinition one : definitions(config)) {
      @Nullable String value = one.definition().stringSchema().defaultValue();
      if (value != null) {
        defaults.put(one.name(), value);
      }
    }
    return new Tenancy(defaults);
  }
}
