package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenantAssociationFilter;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenantSummary;
import software.amazon.awssdk.services.cloudfront.model.DomainItem;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantByDomainRequest;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantByDomainResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.GetManagedCertificateDetailsRequest;
import software.amazon.awssdk.services.cloudfront.model.GetManagedCertificateDetailsResponse;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionTenantsByCustomizationRequest;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionTenantsByCustomizationResponse;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionTenantsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionTenantsResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionTenantResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.TenantCertificates.Settled;
import warmfront.control.api.TenantCertificates.Wanted;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/** The operations of distribution tenants. An update leaves as it is what it does not name. */
final class Tenants {
  private final Store store;
  private final Quotas quotas;
  private final ConnectionGroups groups;
  private final Resources<DistributionTenant, DistributionTenant> all;
  private final TenantCertificates certificates;

  Tenants(
      Store store,
      Quotas quotas,
      ConnectionGroups groups,
      Resources<DistributionTenant, DistributionTenant> all,
      TenantCertificates certificates) {
    this.store = store;
    this.quotas = quotas;
    this.groups = groups;
    this.all = all;
    this.certificates = certificates;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateDistributionTenant",
        CreateDistributionTenantRequest.class,
        CreateDistributionTenantRequest::builder,
        this::create);
    handlers.on(
        "GetDistributionTenant",
        GetDistributionTenantRequest.class,
        GetDistributionTenantRequest::builder,
        asked -> {
          Kept<DistributionTenant> kept = store.read(tx -> find(tx, asked.identifier()));
          return GetDistributionTenantResponse.builder()
              .distributionTenant(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetDistributionTenantByDomain",
        GetDistributionTenantByDomainRequest.class,
        GetDistributionTenantByDomainRequest::builder,
        asked -> {
          Kept<DistributionTenant> kept = store.read(tx -> byDomain(tx, asked.domain()));
          return GetDistributionTenantByDomainResponse.builder()
              .distributionTenant(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateDistributionTenant",
        UpdateDistributionTenantRequest.class,
        UpdateDistributionTenantRequest::builder,
        this::update);
    handlers.on(
        "DeleteDistributionTenant",
        DeleteDistributionTenantRequest.class,
        DeleteDistributionTenantRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteDistributionTenantResponse.builder().build();
        });
    handlers.on(
        "ListDistributionTenants",
        ListDistributionTenantsRequest.class,
        ListDistributionTenantsRequest::builder,
        this::list);
    handlers.on(
        "ListDistributionTenantsByCustomization",
        ListDistributionTenantsByCustomizationRequest.class,
        ListDistributionTenantsByCustomizationRequest::builder,
        this::listByCustomization);
    handlers.on(
        "GetManagedCertificateDetails",
        GetManagedCertificateDetailsRequest.class,
        GetManagedCertificateDetailsRequest::builder,
        this::managedCertificate);
  }

  private CreateDistributionTenantResponse create(CreateDistributionTenantRequest asked) {
    Map<String, String> tags = ConnectionGroups.tags(asked.tags(), quotas);
    List<DomainResult> domains = domains(asked.domains());
    Optional<Wanted> wanted =
        certificates.take(asked.managedCertificateRequest(), "", names(domains));
    Kept<DistributionTenant> made =
        store.write(tx -> {
          DistributionTenant tenant =
              DistributionTenant.builder()
                  .distributionId(asked.distributionId())
                  .name(asked.name())
                  .domains(domains)
                  .customizations(asked.customizations())
                  .parameters(asked.parameters())
                  .connectionGroupId(groups.orDefault(tx, asked.connectionGroupId()))
                  .enabled(asked.enabled())
                  .build();
          Settled settled = certificates.settled(tx, "", tenant, wanted);
          Kept<DistributionTenant> kept = all.create(tx, settled.tenant(), tags);
          certificates.keep(tx, kept.row().id(), settled);
          return kept;
        });
    return CreateDistributionTenantResponse.builder()
        .distributionTenant(made.resource())
        .eTag(made.etag())
        .build();
  }

  private static List<String> names(List<DomainResult> domains) {
    return domains.stream().map(DomainResult::domain).toList();
  }

  private static List<DomainResult> domains(List<DomainItem> items) {
    return items.stream().map(one -> DomainResult.builder().domain(one.domain()).build()).toList();
  }

  /** Returns the tenant that an id, a name or an ARN names. */
  Kept<DistributionTenant> find(Transaction tx, String identifier) {
    String id = TenantRules.idOf(identifier);
    boolean isId = tx.find(TenantFamily.TYPE, id).isPresent();
    return all.get(tx, isId ? id : tx.owner(TenantFamily.NAMES, id).orElse(id));
  }

  private Kept<DistributionTenant> byDomain(Transaction tx, String domain) {
    return tx.owner(AliasRules.SCOPE, AliasRules.lower(domain))
        .filter(id -> tx.find(TenantFamily.TYPE, id).isPresent())
        .map(id -> all.get(tx, id))
        .orElseThrow(() ->
            new Refused(
                "EntityNotFound",
                "There is no distribution tenant with the domain %s.".formatted(domain)));
  }

  /**
   * Refuses to take a domain from a tenant that has a certificate requested for it.
   *
   * @throws Refused {@code IllegalUpdate}
   */
  void requireMovable(Transaction tx, String id, String domain) {
    certificates.requireMovable(tx, id, domain);
  }

  private UpdateDistributionTenantResponse update(UpdateDistributionTenantRequest asked) {
    String id = asked.id();
    List<DomainResult> domains =
        asked.hasDomains()
            ? domains(asked.domains())
            : store.read(tx -> all.get(tx, id)).resource().domains();
    Optional<Wanted> wanted =
        certificates.take(asked.managedCertificateRequest(), id, names(domains));
    Kept<DistributionTenant> changed =
        store.write(tx -> {
          Settled settled = certificates.settled(tx, id, changed(tx, asked), wanted);
          Kept<DistributionTenant> kept =
              all.update(tx, id, Optional.ofNullable(asked.ifMatch()), settled.tenant());
          certificates.keep(tx, id, settled);
          return kept;
        });
    return UpdateDistributionTenantResponse.builder()
        .distributionTenant(changed.resource())
        .eTag(changed.etag())
        .build();
  }

  private DistributionTenant changed(Transaction tx, UpdateDistributionTenantRequest asked) {
    DistributionTenant.Builder tenant = all.get(tx, asked.id()).resource().toBuilder();
    if (asked.distributionId() != null) {
      tenant.distributionId(asked.distributionId());
    }
    if (asked.hasDomains()) {
      tenant.domains(domains(asked.domains()));
    }
    if (asked.customizations() != null) {
      tenant.customizations(asked.customizations());
    }
    if (asked.hasParameters()) {
      tenant.parameters(asked.parameters());
    }
    if (asked.connectionGroupId() != null) {
      tenant.connectionGroupId(groups.orDefault(tx, asked.connectionGroupId()));
    }
    if (asked.enabled() != null) {
      tenant.enabled(asked.enabled());
    }
    return tenant.build();
  }

  private ListDistributionTenantsResponse list(ListDistributionTenantsRequest asked) {
    @Nullable DistributionTenantAssociationFilter filter = asked.associationFilter();
    @Nullable String distribution = filter == null ? null : filter.distributionId();
    @Nullable String group = filter == null ? null : filter.connectionGroupId();
    Page<DistributionTenant> page =
        page(
            one ->
                (distribution == null || distribution.equals(one.distributionId()))
                    && (group == null || group.equals(one.connectionGroupId())),
            asked.marker(),
            asked.maxItems());
    ListDistributionTenantsResponse.Builder said = ListDistributionTenantsResponse.builder();
    page.next().ifPresent(said::nextMarker);
    return said.distributionTenantList(summaries(page)).build();
  }

  private ListDistributionTenantsByCustomizationResponse listByCustomization(
      ListDistributionTenantsByCustomizationRequest asked) {
    @Nullable String certificate = asked.certificateArn();
    if ((certificate == null) == (asked.webACLArn() == null)) {
      throw TenantRules.invalid("CertificateArn or WebACLArn is given, and not both");
    }
    Page<DistributionTenant> page =
        page(
            one ->
                certificate != null
                    && TenantRules.certificate(one).filter(certificate::equals).isPresent(),
            asked.marker(),
            asked.maxItems());
    ListDistributionTenantsByCustomizationResponse.Builder said =
        ListDistributionTenantsByCustomizationResponse.builder();
    page.next().ifPresent(said::nextMarker);
    return said.distributionTenantList(summaries(page)).build();
  }

  private Page<DistributionTenant> page(
      Predicate<DistributionTenant> wanted, @Nullable String marker, @Nullable Integer maxItems) {
    Paging paging = Paging.of(marker, maxItems, quotas.of(Quota.PAGE_ITEMS));
    return all.list(wanted, paging.marker(), paging.max());
  }

  private static List<DistributionTenantSummary> summaries(Page<DistributionTenant> page) {
    return page.items().stream()
        .map(kept ->
            Members.copy(kept.resource(), DistributionTenantSummary.builder().eTag(kept.etag()))
                .build())
        .toList();
  }

  private GetManagedCertificateDetailsResponse managedCertificate(
      GetManagedCertificateDetailsRequest asked) {
    return store.read(tx ->
        GetManagedCertificateDetailsResponse.builder()
            .managedCertificateDetails(
                certificates.details(tx, find(tx, asked.identifier()).row().id()))
            .build());
  }
}
