package warmfront.control.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicy;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentSingleHeaderConfig;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentSingleWeightConfig;
import software.amazon.awssdk.services.cloudfront.model.SessionStickinessConfig;
import software.amazon.awssdk.services.cloudfront.model.TrafficConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.ContinuousDeploymentPolicy.Split;
import warmfront.distribution.ContinuousDeploymentPolicy.Stickiness;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Continuous deployment policies: which viewers get what a staging distribution has. */
final class ContinuousDeploymentPolicies
    implements Family<ContinuousDeploymentPolicyConfig, ContinuousDeploymentPolicy> {
  static final String TYPE = "continuous-deployment-policy";

  /** Among the names of staging distributions, of which each has at most one policy. */
  static final String STAGING = "staging-distribution";

  private static final String HEADER_PREFIX = "aws-cf-cd-";
  private static final Pattern HEADER = Pattern.compile("aws-cf-cd-[A-Za-z0-9_-]+");
  private static final int HEADER_CHARS = 256;
  private static final int VALUE_CHARS = 1_783;
  private static final float WEIGHT_MAX = 0.15f;
  private static final int MILLION = 1_000_000;

  /** Seconds, as CloudFront has them. */
  private static final int STICKY_MIN = 300;

  private static final int STICKY_MAX = 3_600;

  private final Words words;

  ContinuousDeploymentPolicies(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "ContinuousDeploymentPolicy",
            Kind.CONTINUOUS_DEPLOYMENT_POLICY,
            "",
            "NoSuchContinuousDeploymentPolicy",
            "TooManyContinuousDeploymentPolicies",
            quotas.of(Quota.CONTINUOUS_DEPLOYMENT_POLICIES),
            "ContinuousDeploymentPolicyInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return ContinuousDeploymentPolicy.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.uuid();
  }

  @Override
  public ContinuousDeploymentPolicyConfig complete(ContinuousDeploymentPolicyConfig asked) {
    if (asked.stagingDistributionDnsNames().items().size() != 1) {
      throw invalid(
          "StagingDistributionDnsNames",
          "names one distribution, not " + asked.stagingDistributionDnsNames().items().size());
    }
    traffic(asked.trafficConfig());
    return asked;
  }

  private static void traffic(@Nullable TrafficConfig traffic) {
    if (traffic == null) {
      return;
    }
    boolean weight = traffic.typeAsString().equals("SingleWeight");
    if (weight == (traffic.singleWeightConfig() == null)
        || weight == (traffic.singleHeaderConfig() != null)) {
      throw invalid("TrafficConfig", "has the configuration of its type and no other");
    }
    if (weight) {
      weight(traffic.singleWeightConfig());
    } else {
      header(traffic.singleHeaderConfig());
    }
  }

  private static void weight(ContinuousDeploymentSingleWeightConfig config) {
    if (!(config.weight() >= 0 && config.weight() <= WEIGHT_MAX)) {
      throw invalid(
          "TrafficConfig.SingleWeightConfig.Weight",
          "is 0 to %s, not %s".formatted(WEIGHT_MAX, config.weight()));
    }
    @Nullable SessionStickinessConfig stays = config.sessionStickinessConfig();
    if (stays == null) {
      return;
    }
    if (stays.idleTTL() < STICKY_MIN
        || stays.maximumTTL() > STICKY_MAX
        || stays.idleTTL() > stays.maximumTTL()) {
      throw invalid(
          "TrafficConfig.SingleWeightConfig.SessionStickinessConfig",
          "must be %d <= IdleTTL <= MaximumTTL <= %d seconds: %d, %d"
              .formatted(STICKY_MIN, STICKY_MAX, stays.idleTTL(), stays.maximumTTL()));
    }
  }

  private static void header(ContinuousDeploymentSingleHeaderConfig config) {
    if (!HEADER.matcher(config.header().toLowerCase(Locale.ROOT)).matches()
        || config.header().length() > HEADER_CHARS) {
      throw invalid(
          "TrafficConfig.SingleHeaderConfig.Header",
          "begins with %s and has at most %d characters: '%s'"
              .formatted(HEADER_PREFIX, HEADER_CHARS, config.header()));
    }
    if (config.value().isEmpty() || config.value().length() > VALUE_CHARS) {
      throw invalid(
          "TrafficConfig.SingleHeaderConfig.Value",
          "has 1 to %d characters".formatted(VALUE_CHARS));
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter ContinuousDeploymentPolicyConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, ContinuousDeploymentPolicyConfig config) {
    String name = stagingName(config);
    boolean there =
        tx.latest(Kind.DISTRIBUTION).stream()
            .map(Distribution.class::cast)
            .anyMatch(one -> one.domainName().equals(name) && one.entrance().trial().staging());
    if (!there) {
      throw invalid(
          "StagingDistributionDnsNames", "names no staging distribution: '%s'".formatted(name));
    }
  }

  private static String stagingName(ContinuousDeploymentPolicyConfig config) {
    return config.stagingDistributionDnsNames().items().getFirst().toLowerCase(Locale.ROOT);
  }

  @Override
  public void change(
      ContinuousDeploymentPolicyConfig before, ContinuousDeploymentPolicyConfig after) {}

  @Override
  public List<Name> names(ContinuousDeploymentPolicyConfig config) {
    return List.of(
        new Name(
            STAGING,
            stagingName(config),
            "StagingDistributionInUse",
            "The staging distribution %s has a continuous deployment policy already"
                .formatted(stagingName(config))));
  }

  @Override
  public ContinuousDeploymentPolicy make(
      Ids ids, String id, ContinuousDeploymentPolicyConfig config) {
    return ContinuousDeploymentPolicy.builder()
        .id(id)
        .continuousDeploymentPolicyConfig(config)
        .build();
  }

  @Override
  public ContinuousDeploymentPolicy with(
      ContinuousDeploymentPolicy resource, ContinuousDeploymentPolicyConfig config) {
    return resource.toBuilder().continuousDeploymentPolicyConfig(config).build();
  }

  @Override
  public ContinuousDeploymentPolicyConfig config(ContinuousDeploymentPolicy resource) {
    return resource.continuousDeploymentPolicyConfig();
  }

  @Override
  public ContinuousDeploymentPolicy show(
      Transaction tx, Row row, ContinuousDeploymentPolicy resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(ContinuousDeploymentPolicy resource) {
    ContinuousDeploymentPolicyConfig config = resource.continuousDeploymentPolicyConfig();
    return new warmfront.distribution.ContinuousDeploymentPolicy(
        resource.id(), config.enabled(), stagingName(config), split(config.trafficConfig()));
  }

  private static Split split(@Nullable TrafficConfig traffic) {
    if (traffic == null) {
      return new Split.Nobody();
    }
    ContinuousDeploymentSingleHeaderConfig header = traffic.singleHeaderConfig();
    if (header != null) {
      return new Split.ByHeader(header.header(), header.value());
    }
    ContinuousDeploymentSingleWeightConfig weight = traffic.singleWeightConfig();
    return new Split.ByWeight(
        Math.round(weight.weight() * MILLION),
        Optional.ofNullable(weight.sessionStickinessConfig())
            .map(stays ->
                new Stickiness(
                    Duration.ofSeconds(stays.idleTTL()), Duration.ofSeconds(stays.maximumTTL()))));
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Distribution distribution
        && distribution.entrance().trial().policyId().filter(id::equals).isPresent();
  }
}
