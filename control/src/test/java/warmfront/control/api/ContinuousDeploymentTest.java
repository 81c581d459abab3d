package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CopyDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateContinuousDeploymentPolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.TrafficConfig;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionWithStagingConfigResponse;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.ContinuousDeploymentPolicy.Split;
import warmfront.distribution.ContinuousDeploymentPolicy.Stickiness;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Trial;

/** Staging distributions, their policies, and promotion; driven by the AWS SDK for Java. */
final class ContinuousDeploymentTest {
  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  /** A primary distribution, its copy, and a policy between them. */
  private final class Tried {
    final CreateDistributionResponse primary =
        client.createDistribution(r -> r.distributionConfig(Configs.minimal("primary")));
    final CopyDistributionResponse staging = copy(primary.eTag());
    final CreateContinuousDeploymentPolicyResponse policy =
        client.createContinuousDeploymentPolicy(
            r -> r.continuousDeploymentPolicyConfig(header(stagingName())));
    final UpdateDistributionResponse attached = attach(policy.continuousDeploymentPolicy().id());

    private CopyDistributionResponse copy(String version) {
      return client.copyDistribution(r ->
          r.primaryDistributionId(primary.distribution().id())
              .ifMatch(version)
              .staging(true)
              .callerReference("staging"));
    }

    String stagingName() {
      return staging.distribution().domainName();
    }

    private UpdateDistributionResponse attach(String policyId) {
      return client.updateDistribution(r ->
          r.id(primary.distribution().id())
              .ifMatch(primary.eTag())
              .distributionConfig(
                  primary.distribution().distributionConfig().toBuilder()
                      .continuousDeploymentPolicyId(policyId)
                      .build()));
    }
  }

  private static ContinuousDeploymentPolicyConfig header(String stagingName) {
    return config(
        stagingName,
        traffic ->
            traffic
                .type("SingleHeader")
                .singleHeaderConfig(h -> h.header("aws-cf-cd-try").value("yes")));
  }

  private static ContinuousDeploymentPolicyConfig config(
      String stagingName, Consumer<TrafficConfig.Builder> traffic) {
    return ContinuousDeploymentPolicyConfig.builder()
        .enabled(true)
        .stagingDistributionDnsNames(names -> names.quantity(1).items(stagingName))
        .trafficConfig(traffic)
        .build();
  }

  @Test
  void a_copy_has_the_configuration_and_no_name_of_its_own() {
    Tried tried = new Tried();

    DistributionConfig copied = tried.staging.distribution().distributionConfig();
    assertThat(copied)
        .isEqualTo(
            tried.primary.distribution().distributionConfig().toBuilder()
                .callerReference("staging")
                .staging(true)
                .build());
    assertThat(tried.staging.location())
        .endsWith("/2020-05-31/distribution/" + tried.staging.distribution().id());
    assertThat(compiled(tried.staging.distribution().id()).entrance().trial())
        .isEqualTo(new Trial(true, Optional.empty()));
    assertThat(compiled(tried.primary.distribution().id()).entrance().trial())
        .isEqualTo(new Trial(false, Optional.of(tried.policy.continuousDeploymentPolicy().id())));
  }

  @Test
  void edges_get_the_policy_as_it_was_written() {
    Tried tried = new Tried();
    String id = tried.policy.continuousDeploymentPolicy().id();
    assertThat(policy(id))
        .isEqualTo(
            new ContinuousDeploymentPolicy(
                id, true, tried.stagingName(), new Split.ByHeader("aws-cf-cd-try", "yes")));

    client.updateContinuousDeploymentPolicy(r ->
        r.id(id)
            .ifMatch(tried.policy.eTag())
            .continuousDeploymentPolicyConfig(
                config(
                    tried.stagingName(),
                    traffic ->
                        traffic
                            .type("SingleWeight")
                            .singleWeightConfig(w ->
                                w.weight(0.15f)
                                    .sessionStickinessConfig(
                                        s -> s.idleTTL(300).maximumTTL(3600))))));

    assertThat(policy(id).split())
        .isEqualTo(
            new Split.ByWeight(
                150_000, Optional.of(new Stickiness(Duration.ofMinutes(5), Duration.ofHours(1)))));
    assertThat(client.listContinuousDeploymentPolicies(r -> {}).continuousDeploymentPolicyList())
        .satisfies(list -> {
          assertThat(list.quantity()).isEqualTo(1);
          assertThat(list.items().getFirst().continuousDeploymentPolicy().id()).isEqualTo(id);
        });
  }

  @Test
  void promotion_copies_the_configuration_and_disables_the_policy() {
    Tried tried = new Tried();
    String primary = tried.primary.distribution().id();
    String staging = tried.staging.distribution().id();
    UpdateDistributionResponse changed =
        client.updateDistribution(r ->
            r.id(staging)
                .ifMatch(tried.staging.eTag())
                .distributionConfig(
                    tried.staging.distribution().distributionConfig().toBuilder()
                        .defaultRootObject("new.html")
                        .build()));

    refused(
        "PreconditionFailed",
        () -> promote(primary, staging, tried.attached.eTag() + "," + tried.staging.eTag()));
    refused("InvalidIfMatchVersion", () -> promote(primary, staging, tried.attached.eTag()));
    UpdateDistributionWithStagingConfigResponse promoted =
        promote(primary, staging, tried.attached.eTag() + ", " + changed.eTag());

    DistributionConfig now = promoted.distribution().distributionConfig();
    assertThat(now)
        .isEqualTo(
            tried.attached.distribution().distributionConfig().toBuilder()
                .defaultRootObject("new.html")
                .build());
    GetDistributionResponse read = client.getDistribution(r -> r.id(primary));
    assertThat(read.eTag()).isEqualTo(promoted.eTag()).isNotEqualTo(tried.attached.eTag());
    assertThat(policy(tried.policy.continuousDeploymentPolicy().id()).enabled()).isFalse();
  }

  private UpdateDistributionWithStagingConfigResponse promote(
      String primary, String staging, String versions) {
    return client.updateDistributionWithStagingConfig(
        r -> r.id(primary).stagingDistributionId(staging).ifMatch(versions));
  }

  @Test
  void only_the_policys_own_staging_distribution_is_promoted() {
    Tried tried = new Tried();
    CopyDistributionResponse other =
        client.copyDistribution(r ->
            r.primaryDistributionId(tried.primary.distribution().id())
                .ifMatch(tried.attached.eTag())
                .staging(true)
                .callerReference("other"));

    refused(
        "InvalidArgument",
        () ->
            promote(
                tried.primary.distribution().id(),
                other.distribution().id(),
                tried.attached.eTag() + "," + other.eTag()));
  }

  @Test
  void what_is_in_use_stays() {
    Tried tried = new Tried();
    String policy = tried.policy.continuousDeploymentPolicy().id();
    refused(
        "ContinuousDeploymentPolicyInUse",
        () ->
            client.deleteContinuousDeploymentPolicy(
                r -> r.id(policy).ifMatch(tried.policy.eTag())));
    refused(
        "StagingDistributionInUse",
        () ->
            client.createContinuousDeploymentPolicy(
                r -> r.continuousDeploymentPolicyConfig(header(tried.stagingName()))));
    refused(
        "ContinuousDeploymentPolicyInUse",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("second").toBuilder()
                        .continuousDeploymentPolicyId(policy)
                        .build())));
    UpdateDistributionResponse off =
        client.updateDistribution(r ->
            r.id(tried.staging.distribution().id())
                .ifMatch(tried.staging.eTag())
                .distributionConfig(
                    tried.staging.distribution().distributionConfig().toBuilder()
                        .enabled(false)
                        .build()));
    running.rollOut();
    refused(
        "StagingDistributionInUse",
        () ->
            client.deleteDistribution(
                r -> r.id(tried.staging.distribution().id()).ifMatch(off.eTag())));
  }

  @Test
  void a_staging_distribution_has_no_policy_no_aliases_and_stays_one() {
    Tried tried = new Tried();
    DistributionConfig config = tried.staging.distribution().distributionConfig();

    for (DistributionConfig wrong :
        new DistributionConfig[] {
          config.toBuilder().aliases(a -> a.quantity(1).items("a.example.com")).build(),
          config.toBuilder()
              .continuousDeploymentPolicyId(tried.policy.continuousDeploymentPolicy().id())
              .build(),
        }) {
      assertThatThrownBy(() -> update(tried, wrong)).isInstanceOf(CloudFrontException.class);
    }
    refused("IllegalUpdate", () -> update(tried, config.toBuilder().staging(false).build()));
  }

  private void update(Tried tried, DistributionConfig config) {
    client.updateDistribution(r ->
        r.id(tried.staging.distribution().id())
            .ifMatch(tried.staging.eTag())
            .distributionConfig(config));
  }

  @Test
  void a_policy_is_checked() {
    Tried tried = new Tried();
    String name = tried.stagingName();
    refusedPolicy(config(tried.primary.distribution().domainName(), headerNamed("aws-cf-cd-x")));
    refusedPolicy(config(name, headerNamed("x-blue")));
    refusedPolicy(config(name, weight(0.16f, 300, 300)));
    refusedPolicy(config(name, weight(-0.1f, 300, 300)));
    refusedPolicy(config(name, weight(0.1f, 299, 300)));
    refusedPolicy(config(name, weight(0.1f, 300, 3601)));
    refusedPolicy(config(name, weight(0.1f, 600, 300)));
    refusedPolicy(config(name, traffic -> traffic.type("SingleWeight")));
    refused(
        "NoSuchContinuousDeploymentPolicy",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("third").toBuilder()
                        .continuousDeploymentPolicyId("none")
                        .build())));
  }

  private static Consumer<TrafficConfig.Builder> headerNamed(String header) {
    return traffic ->
        traffic.type("SingleHeader").singleHeaderConfig(h -> h.header(header).value("1"));
  }

  private static Consumer<TrafficConfig.Builder> weight(float weight, int idle, int longest) {
    return traffic ->
        traffic
            .type("SingleWeight")
            .singleWeightConfig(w ->
                w.weight(weight).sessionStickinessConfig(s -> s.idleTTL(idle).maximumTTL(longest)));
  }

  private void refusedPolicy(ContinuousDeploymentPolicyConfig config) {
    refused(
        "InvalidArgument",
        () ->
            client.createContinuousDeploymentPolicy(
                r -> r.continuousDeploymentPolicyConfig(config)));
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  private Distribution compiled(String id) {
    return running.store.<Distribution>read(
        tx -> (Distribution) tx.latest(Kind.DISTRIBUTION, id).orElseThrow());
  }

  private ContinuousDeploymentPolicy policy(String id) {
    return running.store.<ContinuousDeploymentPolicy>read(tx ->
        (ContinuousDeploymentPolicy)
            tx.latest(Kind.CONTINUOUS_DEPLOYMENT_POLICY, id).orElseThrow());
  }
}
