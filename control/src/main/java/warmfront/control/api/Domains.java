package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.Aliases;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionResourceId;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DomainConflict;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.ListDomainConflictsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListDomainConflictsResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateDomainAssociationRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateDomainAssociationResponse;
import software.amazon.awssdk.services.cloudfront.model.VerifyDnsConfigurationRequest;
import software.amazon.awssdk.services.cloudfront.model.VerifyDnsConfigurationResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/**
 * Domains of distributions and tenants: whose they are, how they go from one to another in one
 * transaction, and where they point.
 */
final class Domains {
  private final Store store;
  private final Site site;
  private final Resources<DistributionConfig, Distribution> distributions;
  private final Resources<DistributionTenant, DistributionTenant> all;
  private final Tenants tenants;
  private final ConnectionGroups groups;
  private final DnsCheck check;

  /**
   * What the operations work on.
   *
   * @param distributions web distributions
   * @param all tenants
   */
  record Owners(
      Resources<DistributionConfig, Distribution> distributions,
      Resources<DistributionTenant, DistributionTenant> all) {}

  Domains(
      Store store,
      Site site,
      Owners owners,
      Tenants tenants,
      ConnectionGroups groups,
      DnsCheck check) {
    this.store = store;
    this.site = site;
    this.distributions = owners.distributions();
    this.all = owners.all();
    this.tenants = tenants;
    this.groups = groups;
    this.check = check;
  }

  void register(Handlers handlers) {
    handlers.on(
        "UpdateDomainAssociation",
        UpdateDomainAssociationRequest.class,
        UpdateDomainAssociationRequest::builder,
        this::move);
    handlers.on(
        "ListDomainConflicts",
        ListDomainConflictsRequest.class,
        ListDomainConflictsRequest::builder,
        this::conflicts);
    handlers.on(
        "VerifyDnsConfiguration",
        VerifyDnsConfigurationRequest.class,
        VerifyDnsConfigurationRequest::builder,
        this::verify);
  }

  /** Returns the id of the resource that is named; one of the two is. */
  private static String named(DistributionResourceId resource, String field) {
    if ((resource.distributionId() == null) == (resource.distributionTenantId() == null)) {
      throw TenantRules.invalid(
          field + " has a DistributionId or a DistributionTenantId, and not both");
    }
    return resource.distributionId() == null
        ? resource.distributionTenantId()
        : resource.distributionId();
  }

  private UpdateDomainAssociationResponse move(UpdateDomainAssociationRequest asked) {
    String domain = AliasRules.lower(asked.domain());
    String target = named(asked.targetResource(), "TargetResource");
    Optional<String> version = Optional.ofNullable(asked.ifMatch());
    boolean toTenant = asked.targetResource().distributionTenantId() != null;
    String etag =
        store.write(tx ->
            toTenant
                ? toTenant(tx, domain, target, version)
                : toDistribution(tx, domain, target, version));
    return UpdateDomainAssociationResponse.builder()
        .domain(domain)
        .resourceId(target)
        .eTag(etag)
        .build();
  }

  private String toTenant(Transaction tx, String domain, String target, Optional<String> version) {
    Kept<DistributionTenant> to =
        version.isPresent() ? all.get(tx, target, version) : all.get(tx, target);
    if (!takeOff(tx, domain, target)) {
      return to.etag();
    }
    List<DomainResult> more = new ArrayList<>(to.resource().domains());
    more.add(DomainResult.builder().domain(domain).build());
    return change(tx, to, more);
  }

  private String toDistribution(
      Transaction tx, String domain, String target, Optional<String> version) {
    if (tx.find(DistributionFamily.TYPE, target).isEmpty()) {
      throw new Refused(
          "EntityNotFound", "There is no distribution with the id %s.".formatted(target));
    }
    Kept<Distribution> to =
        version.isPresent()
            ? distributions.get(tx, target, version)
            : distributions.get(tx, target);
    if (!takeOff(tx, domain, target)) {
      return to.etag();
    }
    List<String> more = new ArrayList<>(to.resource().distributionConfig().aliases().items());
    more.add(domain);
    try {
      return change(tx, distributions, to, more);
    } catch (Refused refused) {
      // The operation has no errors for certificates and quotas of aliases.
      throw refused.code().equals("InvalidViewerCertificate")
              || refused.code().equals("TooManyDistributionCNAMEs")
          ? new Refused("InvalidArgument", refused.message())
          : refused;
    }
  }

  /** Takes a domain off its owner, if any; false if that is the target already. */
  private boolean takeOff(Transaction tx, String domain, String target) {
    Optional<String> owner = tx.owner(AliasRules.SCOPE, domain);
    if (owner.isEmpty()) {
      return true;
    }
    String id = owner.get();
    if (id.equals(target)) {
      return false;
    }
    if (tx.find(DistributionFamily.TYPE, id).isPresent()) {
      Kept<Distribution> from = distributions.get(tx, id);
      List<String> left =
          from.resource().distributionConfig().aliases().items().stream()
              .filter(name -> !AliasRules.lower(name).equals(domain))
              .toList();
      change(tx, distributions, from, left);
    } else if (tx.find(TenantFamily.TYPE, id).isPresent()) {
      tenants.requireMovable(tx, id, domain);
      Kept<DistributionTenant> from = all.get(tx, id);
      List<DomainResult> left =
          from.resource().domains().stream()
              .filter(one -> !AliasRules.lower(one.domain()).equals(domain))
              .toList();
      if (left.isEmpty()) {
        throw new Refused(
            "IllegalUpdate",
            "The domain %s is the only one of the distribution tenant %s, which needs one."
                .formatted(domain, id));
      }
      change(tx, from, left);
    } else {
      throw new Refused(
          "IllegalUpdate",
          "The domain %s is that of the streaming distribution %s: take it off there first."
              .formatted(domain, id));
    }
    return true;
  }

  private String change(Transaction tx, Kept<DistributionTenant> kept, List<DomainResult> names) {
    return all.update(
            tx,
            kept.row().id(),
            Optional.of(kept.etag()),
            kept.resource().toBuilder().domains(names).build())
        .etag();
  }

  /** Gives a distribution other aliases; returns its version then. */
  static String change(
      Transaction tx,
      Resources<DistributionConfig, Distribution> distributions,
      Kept<Distribution> kept,
      List<String> names) {
    Aliases.Builder aliases = Aliases.builder().quantity(names.size());
    if (!names.isEmpty()) {
      aliases.items(names);
    }
    return distributions
        .update(
            tx,
            kept.row().id(),
            Optional.of(kept.etag()),
            kept.resource().distributionConfig().toBuilder().aliases(aliases.build()).build())
        .etag();
  }

  private ListDomainConflictsResponse conflicts(ListDomainConflictsRequest asked) {
    String domain = AliasRules.lower(asked.domain());
    DistributionResourceId own = asked.domainControlValidationResource();
    String id = named(own, "DomainControlValidationResource");
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), AliasMoves.PAGE);
    List<DomainConflict> found =
        store.read(tx -> {
          String type = own.distributionId() == null ? TenantFamily.TYPE : DistributionFamily.TYPE;
          if (tx.find(type, id).isEmpty()) {
            throw new Refused("EntityNotFound", "There is no %s %s.".formatted(type, id));
          }
          return AliasRules.overlapping(tx, domain)
              .filter(one -> !one.owner().equals(id))
              .sorted((one, other) -> one.key().compareTo(other.key()))
              .filter(one -> paging.marker().filter(m -> one.key().compareTo(m) <= 0).isEmpty())
              .limit(paging.max() + 1L)
              .map(this::conflict)
              .toList();
        });
    boolean more = found.size() > paging.max();
    List<DomainConflict> page = more ? found.subList(0, paging.max()) : found;
    ListDomainConflictsResponse.Builder said =
        ListDomainConflictsResponse.builder().domainConflicts(page);
    if (more) {
      said.nextMarker(
          new AliasRules.Held(page.getLast().domain(), page.getLast().resourceId(), "").key());
    }
    return said.build();
  }

  private DomainConflict conflict(AliasRules.Held held) {
    return DomainConflict.builder()
        .domain(held.domain())
        .resourceType(
            held.type().equals(TenantFamily.TYPE) ? TenantFamily.TYPE : DistributionFamily.TYPE)
        .resourceId(held.owner())
        .accountId(site.account())
        .build();
  }

  /** Looks up outside the transaction: it may take seconds. */
  private VerifyDnsConfigurationResponse verify(VerifyDnsConfigurationRequest asked) {
    @Nullable String only = asked.domain() == null ? null : AliasRules.lower(asked.domain());
    DistributionTenant tenant = store.read(tx -> tenants.find(tx, asked.identifier()).resource());
    String endpoint =
        store.read(tx -> groups.get(tx, tenant.connectionGroupId()).routingEndpoint());
    List<String> domains =
        tenant.domains().stream()
            .map(one -> AliasRules.lower(one.domain()))
            .filter(one -> only == null || only.equals(one))
            .toList();
    if (domains.isEmpty()) {
      throw new Refused(
          "EntityNotFound",
          "The distribution tenant %s has no domain %s.".formatted(tenant.id(), only));
    }
    return VerifyDnsConfigurationResponse.builder()
        .dnsConfigurationList(check.of(domains, endpoint))
        .build();
  }
}
