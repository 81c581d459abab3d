package warmfront.control.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControl;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginConfig;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.publish.Withdrawal;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Anycast;
import warmfront.distribution.Entrance;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;

/** Web distributions. */
final class DistributionFamily implements Family<DistributionConfig, Distribution> {
  static final String TYPE = "distribution";

  /** Among the caller references of distributions. */
  private static final String REFERENCES = "distribution-caller-reference";

  private final Site site;
  private final Codec codec;
  private final Quotas quotas;
  private final DistributionRules rules;
  private final Associations associations;
  private final TenantRules tenantRules;
  private final Words words;

  DistributionFamily(Site site, Quotas quotas, Codec codec) {
    this.site = site;
    this.codec = codec;
    this.quotas = quotas;
    this.rules = new DistributionRules(site, quotas);
    this.associations = new Associations(quotas);
    this.tenantRules = new TenantRules(site, quotas);
    this.words =
        new Words(
            TYPE,
            "Distribution",
            Kind.DISTRIBUTION,
            "InProgress",
            "NoSuchDistribution",
            "TooManyDistributions",
            quotas.of(Quota.DISTRIBUTIONS),
            "ResourceInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return Distribution.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.entity();
  }

  @Override
  public Optional<String> arn(String id) {
    return Optional.of(site.distributionArn(id));
  }

  @Override
  public DistributionConfig complete(DistributionConfig asked) {
    DistributionConfig config = DistributionDefaults.complete(asked);
    Unsupported.check(config);
    TenancyRules.check(config);
    rules.check(TenancyRules.sample(config));
    return config;
  }

  @Override
  public void refer(Transaction tx, DistributionConfig config) {
    sorts(tx, config);
    for (CacheBehavior behavior : behaviors(config)) {
      policy(tx, CachePolicyFamily.TYPE, behavior.cachePolicyId(), "NoSuchCachePolicy");
      policy(
          tx,
          OriginRequestPolicyFamily.TYPE,
          behavior.originRequestPolicyId(),
          "NoSuchOriginRequestPolicy");
      policy(
          tx,
          ResponseHeadersPolicyFamily.TYPE,
          behavior.responseHeadersPolicyId(),
          "NoSuchResponseHeadersPolicy");
    }
    policy(
        tx,
        ContinuousDeploymentPolicies.TYPE,
        config.continuousDeploymentPolicyId(),
        "NoSuchContinuousDeploymentPolicy");
    EntranceRules.refer(tx, config);
    Optional<Anycast> announced = AnycastLists.named(tx, codec, config.anycastIpListId());
    MtlsRules.refer(tx, config, quotas.of(Quota.TRUST_STORE_DISTRIBUTIONS));
    for (CacheBehavior behavior : behaviors(config)) {
      SignerRules.refer(tx, behavior.trustedKeyGroups());
      EncryptionRules.refer(tx, config, behavior);
    }
    for (Origin origin : TenancyRules.sample(config).origins().items()) {
      if (origin.s3OriginConfig() != null) {
        bucket(tx, origin.domainName());
        AccessIdentities.refer(tx, origin.s3OriginConfig().originAccessIdentity());
      }
      control(tx, origin);
      inside(tx, origin.vpcOriginConfig());
    }
    String id = named(tx, config).orElse("");
    associations.note(tx, id, announced(DistributionCompiler.compile(id, "", config), announced));
  }

  /** Returns the id of the distribution that has the caller reference of a configuration. */
  static Optional<String> named(Transaction tx, DistributionConfig config) {
    return tx.owner(REFERENCES, config.callerReference());
  }

  /** An update finds itself among them, and those that there are over the quota. */
  private void sorts(Transaction tx, DistributionConfig config) {
    if (named(tx, config).flatMap(id -> tx.find(TYPE, id)).isPresent()) {
      return;
    }
    if (TenancyRules.isShared(config)) {
      limit(
          tx,
          entrance -> entrance.tenancy().isPresent(),
          Quota.SHARED_DISTRIBUTIONS,
          "multi-tenant distributions");
    }
    if (config.staging()) {
      limit(
          tx,
          entrance -> entrance.trial().staging(),
          Quota.STAGING_DISTRIBUTIONS,
          "staging distributions");
    }
  }

  private void limit(Transaction tx, Predicate<Entrance> sort, Quota quota, String noun) {
    long others =
        tx.latest(Kind.DISTRIBUTION).stream()
            .map(warmfront.distribution.Distribution.class::cast)
            .filter(one -> sort.test(one.entrance()))
            .filter(one -> tx.find(TYPE, one.id()).isPresent())
            .count();
    if (others >= quotas.of(quota)) {
      throw new Refused(
          "TooManyDistributions", "There may be %d %s.".formatted(quotas.of(quota), noun));
    }
  }

  private void inside(Transaction tx, @Nullable VpcOriginConfig config) {
    if (config == null) {
      return;
    }
    if (tx.find(VpcOrigins.TYPE, config.vpcOriginId()).isEmpty()) {
      throw new Refused(
          "EntityNotFound",
          "There is no VPC origin with the id %s.".formatted(config.vpcOriginId()));
    }
    String owner = config.ownerAccountId();
    if (owner != null && !owner.isEmpty() && !owner.equals(site.account())) {
      throw new Refused(
          "InvalidArgument",
          "The parameter VpcOriginConfig.OwnerAccountId is not this account: %s.".formatted(owner));
    }
  }

  /** Returns the default behavior, and the others. */
  private static List<CacheBehavior> behaviors(DistributionConfig config) {
    CacheBehavior preset =
        Members.copy(config.defaultCacheBehavior(), CacheBehavior.builder()).build();
    return Stream.concat(Stream.of(preset), config.cacheBehaviors().items().stream()).toList();
  }

  private static void policy(Transaction tx, String type, @Nullable String id, String missing) {
    if (id != null && !id.isEmpty() && tx.find(type, id).isEmpty()) {
      throw new Refused(
          missing, "There is no %s with the id %s.".formatted(type.replace('-', ' '), id));
    }
  }

  private static void bucket(Transaction tx, String domainName) {
    if (!Buckets.isKnown(tx, domainName)) {
      throw new Refused(
          "InvalidArgument",
          "The parameter Origin DomainName does not refer to a valid S3 bucket: %s."
              .formatted(domainName));
    }
  }

  private void control(Transaction tx, Origin origin) {
    String id = origin.originAccessControlId();
    if (id.isEmpty()) {
      return;
    }
    Optional<Row> row = tx.find(OriginAccessControls.TYPE, id);
    if (row.isEmpty()) {
      throw new Refused(
          "InvalidOriginAccessControl",
          "There is no origin access control with the id %s.".formatted(id));
    }
    OriginAccessControl control =
        (OriginAccessControl)
            codec.parse("OriginAccessControl", OriginAccessControl.builder(), row.get().body());
    String type = control.originAccessControlConfig().originAccessControlOriginTypeAsString();
    if (type.equals("s3") != (origin.s3OriginConfig() != null)) {
      throw new Refused(
          "InvalidOriginAccessControl",
          "The origin access control %s is for origins of the type %s, which %s is not."
              .formatted(id, type, origin.domainName()));
    }
  }

  @Override
  public void change(DistributionConfig before, DistributionConfig after) {
    if (!before.callerReference().equals(after.callerReference())) {
      throw new Refused(
          "IllegalUpdate",
          "The parameter DistributionConfig.CallerReference cannot be changed: it is '%s'."
              .formatted(before.callerReference()));
    }
    if (TenancyRules.isShared(before) != TenancyRules.isShared(after)) {
      throw new Refused(
          "IllegalUpdate",
          "The parameter DistributionConfig.ConnectionMode cannot be changed: it is %s."
              .formatted(before.connectionModeAsString()));
    }
    if (!before.staging().equals(after.staging())) {
      throw new Refused(
          "IllegalUpdate",
          "The parameter DistributionConfig.Staging cannot be changed: it is %s."
              .formatted(before.staging()));
    }
  }

  @Override
  public void follow(Transaction tx, String id, DistributionConfig config) {
    if (TenancyRules.isShared(config)) {
      tenantRules.fitAll(tx, id, config);
    }
  }

  @Override
  public List<Name> names(DistributionConfig config) {
    List<Name> names = new ArrayList<>();
    names.add(
        new Name(
            REFERENCES,
            config.callerReference(),
            "DistributionAlreadyExists",
            "The caller reference that you are using to create a distribution is associated with"
                + " another distribution"));
    if (!config.continuousDeploymentPolicyId().isEmpty()) {
      names.add(
          new Name(
              "distribution-of-policy",
              config.continuousDeploymentPolicyId(),
              "ContinuousDeploymentPolicyInUse",
              "The continuous deployment policy %s is another distribution's"
                  .formatted(config.continuousDeploymentPolicyId())));
    }
    AliasRules.claims(config.aliases().items()).forEach(names::add);
    return names;
  }

  @Override
  public Distribution make(Ids ids, String id, DistributionConfig config) {
    return Distribution.builder()
        .id(id)
        .domainName(ids.label() + "." + site.zone())
        .distributionConfig(config)
        .build();
  }

  @Override
  public Distribution with(Distribution resource, DistributionConfig config) {
    return resource.toBuilder().distributionConfig(config).build();
  }

  @Override
  public DistributionConfig config(Distribution resource) {
    return resource.distributionConfig();
  }

  @Override
  public Distribution show(Transaction tx, Row row, Distribution resource) {
    return resource.toBuilder()
        .arn(site.distributionArn(row.id()))
        .status(row.status())
        .lastModifiedTime(row.modified())
        .inProgressInvalidationBatches(Invalidations.countInProgress(tx, row.id()))
        .activeTrustedSigners(
            SignerRules.accounts(
                tx,
                behaviors(resource.distributionConfig()).stream()
                    .anyMatch(behavior -> behavior.trustedSigners().enabled())))
        .activeTrustedKeyGroups(
            SignerRules.groups(
                tx,
                behaviors(resource.distributionConfig()).stream()
                    .flatMap(behavior -> behavior.trustedKeyGroups().items().stream())
                    .distinct()
                    .toList()))
        .build();
  }

  @Override
  public Resource compile(Distribution resource) {
    return DistributionCompiler.compile(
        resource.id(), resource.domainName(), resource.distributionConfig());
  }

  @Override
  public Resource compile(Distribution resource, Map<String, String> tags) {
    var compiled =
        DistributionCompiler.compile(
            resource.id(), resource.domainName(), resource.distributionConfig());
    return OwnTags.obeyed(compiled, tags);
  }

  @Override
  public Resource compile(Transaction tx, Distribution resource, Map<String, String> tags) {
    var compiled = (warmfront.distribution.Distribution) compile(resource, tags);
    String list = resource.distributionConfig().anycastIpListId();
    return announced(compiled, AnycastLists.named(tx, codec, list));
  }

  private static warmfront.distribution.Distribution announced(
      warmfront.distribution.Distribution compiled, Optional<Anycast> list) {
    return compiled.withEntrance(compiled.entrance().withAnycast(list));
  }

  @Override
  public Set<Kind> usedBy() {
    return Set.of(Kind.TENANT);
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Tenant tenant && tenant.distributionId().equals(id);
  }

  @Override
  public void withdraw(Transaction tx, Row row, Distribution resource, Instant now) {
    if (resource.distributionConfig().enabled()) {
      throw new Refused(
          "DistributionNotDisabled",
          "The distribution you are trying to delete has not been disabled.");
    }
    if (!row.status().equals("Deployed")) {
      throw new Refused(
          "DistributionNotDisabled",
          "The distribution you are trying to delete is still being deployed: its status is %s."
              .formatted(row.status()));
    }
    Optional<String> policy = tx.owner(ContinuousDeploymentPolicies.STAGING, resource.domainName());
    if (policy.isPresent()) {
      throw new Refused(
          "StagingDistributionInUse",
          "The staging distribution is used by the continuous deployment policy %s."
              .formatted(policy.get()));
    }
    Invalidations.forget(tx, row.id());
    MonitoringSubscriptions.forget(tx, row.id());
    Associations.forget(tx, row.id());
    tx.retract(Kind.LOG_DELIVERIES, row.id());
    Withdrawal.begin(tx, row.id(), now);
  }
}
