package warmfront.control.api;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.model.Aliases;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicy;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CopyDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.CopyDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionWithStagingConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionWithStagingConfigResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/**
 * How a configuration is tried out: a copy of a distribution, the staging distribution, is changed
 * and served to some viewers, and then promoted. Each of the two operations is one transaction.
 */
final class Staging {
  private final Store store;
  private final Resources<DistributionConfig, Distribution> distributions;
  private final Resources<ContinuousDeploymentPolicyConfig, ContinuousDeploymentPolicy> policies;

  Staging(
      Store store,
      Resources<DistributionConfig, Distribution> distributions,
      Resources<ContinuousDeploymentPolicyConfig, ContinuousDeploymentPolicy> policies) {
    this.store = store;
    this.distributions = distributions;
    this.policies = policies;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CopyDistribution",
        CopyDistributionRequest.class,
        CopyDistributionRequest::builder,
        this::copy);
    handlers.on(
        "UpdateDistributionWithStagingConfig",
        UpdateDistributionWithStagingConfigRequest.class,
        UpdateDistributionWithStagingConfigRequest::builder,
        this::promote);
  }

  private CopyDistributionResponse copy(CopyDistributionRequest asked) {
    if (!Boolean.TRUE.equals(asked.staging())) {
      throw new Refused(
          "InvalidArgument",
          "The parameter Staging is true: only staging distributions are made by copying.");
    }
    Kept<Distribution> made = store.write(tx -> copy(tx, asked));
    return CopyDistributionResponse.builder()
        .distribution(made.resource())
        .location("/2020-05-31/distribution/" + made.row().id())
        .eTag(made.etag())
        .build();
  }

  private Kept<Distribution> copy(Transaction tx, CopyDistributionRequest asked) {
    Kept<Distribution> primary =
        distributions.get(tx, asked.primaryDistributionId(), Optional.ofNullable(asked.ifMatch()));
    DistributionConfig config = primary.resource().distributionConfig();
    return distributions.create(
        tx,
        config.toBuilder()
            .callerReference(asked.callerReference())
            .staging(true)
            .aliases(Aliases.builder().quantity(0).build())
            .continuousDeploymentPolicyId("")
            .enabled(asked.enabled() == null || asked.enabled())
            .build(),
        Map.of());
  }

  private UpdateDistributionWithStagingConfigResponse promote(
      UpdateDistributionWithStagingConfigRequest asked) {
    String[] versions =
        Optional.ofNullable(asked.ifMatch()).map(both -> both.split(",", -1)).orElse(new String[0]);
    if (versions.length != 2 || asked.stagingDistributionId() == null) {
      throw new Refused(
          "InvalidIfMatchVersion",
          "If-Match has the versions of the primary and of the staging distribution, with a comma"
              + " between them, and StagingDistributionId names the latter.");
    }
    Kept<Distribution> promoted =
        store.write(tx ->
            promote(
                tx,
                distributions.get(tx, asked.id(), Optional.of(versions[0].strip())),
                distributions.get(
                    tx, asked.stagingDistributionId(), Optional.of(versions[1].strip()))));
    return UpdateDistributionWithStagingConfigResponse.builder()
        .distribution(promoted.resource())
        .eTag(promoted.etag())
        .build();
  }

  /** The policy is disabled: what was tried out is everybody's now. */
  private Kept<Distribution> promote(
      Transaction tx, Kept<Distribution> primary, Kept<Distribution> staged) {
    DistributionConfig before = primary.resource().distributionConfig();
    Optional<Kept<ContinuousDeploymentPolicy>> policy =
        Optional.of(before.continuousDeploymentPolicyId())
            .filter(id -> !id.isEmpty())
            .map(id -> policies.get(tx, id));
    if (policy.isEmpty() || !names(policy.get(), staged.resource())) {
      throw new Refused(
          "InvalidArgument",
          "The distribution %s is not the staging distribution of %s by its policy."
              .formatted(staged.row().id(), primary.row().id()));
    }
    Kept<ContinuousDeploymentPolicy> used = policy.get();
    policies.update(
        tx,
        used.row().id(),
        Optional.of(used.etag()),
        used.resource().continuousDeploymentPolicyConfig().toBuilder().enabled(false).build());
    return distributions.update(
        tx,
        primary.row().id(),
        Optional.of(primary.etag()),
        staged.resource().distributionConfig().toBuilder()
            .callerReference(before.callerReference())
            .staging(false)
            .aliases(before.aliases())
            .continuousDeploymentPolicyId(before.continuousDeploymentPolicyId())
            .enabled(before.enabled())
            .build());
  }

  private static boolean names(Kept<ContinuousDeploymentPolicy> policy, Distribution staging) {
    return policy
        .resource()
        .continuousDeploymentPolicyConfig()
        .stagingDistributionDnsNames()
        .items()
        .stream()
        .anyMatch(name -> name.equalsIgnoreCase(staging.domainName()));
  }
}
