package warmfront.control.api;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.GeoRestrictionCustomization;
import software.amazon.awssdk.services.cloudfront.model.Parameter;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Geography;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;

/** Tenants of multi-tenant distributions. What callers write is the tenant itself. */
final class TenantFamily implements Family<DistributionTenant, DistributionTenant> {
  static final String TYPE = "distribution-tenant";

  /** The status of a domain for which there is no certificate yet: nobody is served there. */
  static final String INACTIVE = "inactive";

  private static final String ACTIVE = "active";

  /** The scope of the claims to their names. */
  static final String NAMES = "distribution-tenant-name";

  private final Site site;
  private final Codec codec;
  private final TenantRules rules;
  private final Words words;

  TenantFamily(Site site, Quotas quotas, Codec codec) {
    this.site = site;
    this.codec = codec;
    this.rules = new TenantRules(site, quotas);
    this.words =
        new Words(
            TYPE,
            "DistributionTenant",
            Kind.TENANT,
            "InProgress",
            "EntityNotFound",
            "EntityLimitExceeded",
            quotas.of(Quota.TENANTS),
            "ResourceInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return DistributionTenant.builder();
  }

  @Override
  public String newId(Ids ids) {
    return "dt_" + ids.label();
  }

  @Override
  public Optional<String> arn(String id) {
    return Optional.of(site.tenantArn(id));
  }

  /** Takes over what callers write alone. */
  @Override
  public DistributionTenant complete(DistributionTenant asked) {
    DistributionTenant.Builder tenant =
        DistributionTenant.builder()
            .distributionId(asked.distributionId())
            .name(asked.name())
            .domains(
                asked.domains().stream()
                    .map(one ->
                        DomainResult.builder().domain(one.domain()).status(one.status()).build())
                    .toList())
            .customizations(asked.customizations())
            .connectionGroupId(asked.connectionGroupId())
            .enabled(Objects.requireNonNullElse(asked.enabled(), true));
    if (!asked.parameters().isEmpty()) {
      tenant.parameters(asked.parameters());
    }
    rules.check(tenant.build());
    return tenant.build();
  }

  @Override
  public void refer(Transaction tx, DistributionTenant config) {
    DistributionConfig shared = shared(tx, config);
    if (tx.find(ConnectionGroupFamily.TYPE, config.connectionGroupId()).isEmpty()) {
      throw new Refused(
          "EntityNotFound",
          "There is no connection group with the id %s.".formatted(config.connectionGroupId()));
    }
    rules.fit(tx, compiled("", config), shared);
  }

  private DistributionConfig shared(Transaction tx, DistributionTenant config) {
    Row row =
        tx.find(DistributionFamily.TYPE, config.distributionId())
            .orElseThrow(() ->
                new Refused(
                    "EntityNotFound",
                    "There is no distribution with the id %s.".formatted(config.distributionId())));
    var shared = (Distribution) codec.parse("Distribution", Distribution.builder(), row.body());
    if (!TenancyRules.isShared(shared.distributionConfig())) {
      throw new Refused(
          "InvalidAssociation",
          "The distribution %s is not a multi-tenant one: its ConnectionMode is direct."
              .formatted(row.id()));
    }
    return shared.distributionConfig();
  }

  /**
   * Returns a tenant whose domains are inactive if no certificate is for them and one was requested
   * for them. A domain that is inactive waits on, also if the request came to nothing.
   *
   * @param requested in lower case
   */
  DistributionTenant waiting(
      Transaction tx, DistributionTenant config, Collection<String> requested) {
    boolean waits =
        !requested.isEmpty() || config.domains().stream().anyMatch(TenantFamily::isInactive);
    if (!waits) {
      return config;
    }
    DistributionTenant all =
        config.toBuilder()
            .enabled(true)
            .domains(
                config.domains().stream()
                    .map(one -> one.toBuilder().status(ACTIVE).build())
                    .toList())
            .build();
    Set<String> bare = rules.bare(tx, compiled("", all), shared(tx, config));
    return config.toBuilder()
        .domains(
            config.domains().stream()
                .map(one -> {
                  String name = AliasRules.lower(one.domain());
                  boolean may = isInactive(one) || requested.contains(name);
                  return one.toBuilder()
                      .status(may && bare.contains(name) ? INACTIVE : ACTIVE)
                      .build();
                })
                .toList())
        .build();
  }

  private static boolean isInactive(DomainResult domain) {
    return INACTIVE.equals(domain.statusAsString());
  }

  @Override
  public void change(DistributionTenant before, DistributionTenant after) {}

  @Override
  public List<Name> names(DistributionTenant config) {
    Name name =
        new Name(
            NAMES,
            config.name(),
            "EntityAlreadyExists",
            "A distribution tenant with the name %s exists already".formatted(config.name()));
    return Stream.concat(
            Stream.of(name),
            AliasRules.claims(config.domains().stream().map(DomainResult::domain).toList()))
        .toList();
  }

  @Override
  public DistributionTenant make(Ids ids, String id, DistributionTenant config) {
    return config.toBuilder().id(id).build();
  }

  @Override
  public DistributionTenant with(DistributionTenant resource, DistributionTenant config) {
    return config.toBuilder().id(resource.id()).build();
  }

  @Override
  public DistributionTenant config(DistributionTenant resource) {
    return resource;
  }

  @Override
  public DistributionTenant show(Transaction tx, Row row, DistributionTenant resource) {
    return resource.toBuilder()
        .arn(site.tenantArn(row.id()))
        .status(row.status())
        .createdTime(row.created())
        .lastModifiedTime(row.modified())
        .domains(
            resource.domains().stream()
                .map(one -> isInactive(one) ? one : one.toBuilder().status(ACTIVE).build())
                .toList())
        .tags(Tagging.shown(tx.tags(site.tenantArn(row.id()))))
        .build();
  }

  @Override
  public Resource compile(DistributionTenant resource) {
    return compiled(resource.id(), resource);
  }

  private static Tenant compiled(String id, DistributionTenant config) {
    Map<String, String> values = new HashMap<>();
    for (Parameter one : config.parameters()) {
      values.put(one.name(), one.value());
    }
    return new Tenant(
        id,
        config.distributionId(),
        config.enabled(),
        config.domains().stream()
            .filter(one -> !isInactive(one))
            .map(one -> AliasRules.lower(one.domain()))
            .toList(),
        values,
        config.connectionGroupId(),
        geography(config),
        TenantRules.certificate(config));
  }

  private static Optional<Geography> geography(DistributionTenant config) {
    return Optional.ofNullable(config.customizations())
        .flatMap(own -> Optional.<GeoRestrictionCustomization>ofNullable(own.geoRestrictions()))
        .map(own -> EntranceRules.compiled(own.restrictionTypeAsString(), own.locations()));
  }

  @Override
  public Set<Kind> usedBy() {
    return Set.of();
  }

  @Override
  public boolean uses(Resource user, String id) {
    return false;
  }

  /** Its viewers get 403 already, and get it on: nothing has to fade. */
  @Override
  public void withdraw(Transaction tx, Row row, DistributionTenant resource, Instant now) {
    ConnectionGroupFamily.requireOff(row, resource.enabled());
    Invalidations.forget(tx, row.id());
    TenantCertificates.forget(tx, row.id());
    tx.retract(Kind.PUBLICATION, row.id());
    tx.append(Kind.TENANT, row.id(), Optional.empty());
  }
}
