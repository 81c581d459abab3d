package warmfront.control.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudfront.model.Certificate;
import software.amazon.awssdk.services.cloudfront.model.CertificateTransparencyLoggingPreference;
import software.amazon.awssdk.services.cloudfront.model.Customizations;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.ManagedCertificateDetails;
import software.amazon.awssdk.services.cloudfront.model.ManagedCertificateRequest;
import software.amazon.awssdk.services.cloudfront.model.ValidationTokenHost;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.acm.ManagedCertificates;
import warmfront.control.api.acm.ManagedCertificates.Status;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * Certificates that are requested for tenants. A row beside the tenant's says which one it asked
 * for last; once that is issued, the tenant shows it, and domains that waited for it are served.
 */
final class TenantCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(TenantCertificates.class);
  private static final String TYPE = "managed-certificate";

  /** The status of a row whose certificate the tenant does not show yet. */
  private static final String PENDING = "pending";

  private static final String SETTLED = "";

  private final Store store;
  private final ManagedCertificates certificates;
  private final TenantFamily family;
  private final Resources<DistributionTenant, DistributionTenant> tenants;
  private final Clock clock;

  TenantCertificates(
      Store store,
      ManagedCertificates certificates,
      TenantFamily family,
      Resources<DistributionTenant, DistributionTenant> tenants,
      Clock clock) {
    this.store = store;
    this.certificates = certificates;
    this.family = family;
    this.tenants = tenants;
    this.clock = clock;
  }

  /**
   * What a tenant asks for.
   *
   * @param draft the request that was taken; empty if it is the one of before
   * @param names the names that the certificate is for
   * @param host who serves the proof, in CloudFront's word
   */
  record Wanted(Optional<ManagedCertificates.Draft> draft, Set<String> names, String host) {}

  /**
   * Takes a request, outside of transactions.
   *
   * @param id the tenant's; empty for one that is new
   * @param domains of the tenant
   * @throws Refused if there cannot be such a certificate
   */
  Optional<Wanted> take(
      @Nullable ManagedCertificateRequest asked, String id, List<String> domains) {
    if (asked == null) {
      return Optional.empty();
    }
    if (asked.validationTokenHost() == ValidationTokenHost.SELF_HOSTED && certificates.isProved()) {
      throw TenantRules.invalid(
          "ManagedCertificateRequest.ValidationTokenHost is self-hosted, which is not supported by"
              + " this version: domains are proved by a record of DNS, see DescribeCertificate");
    }
    List<String> names = names(asked, domains);
    boolean again =
        store.read(tx -> isAlive(tx, id) && requested(tx, id).equals(Set.copyOf(names)));
    boolean transparent =
        asked.certificateTransparencyLoggingPreference()
            != CertificateTransparencyLoggingPreference.DISABLED;
    return Optional.of(
        new Wanted(
            again ? Optional.empty() : Optional.of(certificates.draft(names, transparent)),
            Set.copyOf(names),
            asked.validationTokenHostAsString()));
  }

  /** The primary one is the first. A wildcard is proved by other means than CloudFront has. */
  private static List<String> names(ManagedCertificateRequest asked, List<String> domains) {
    Set<String> names = new LinkedHashSet<>();
    @Nullable String primary = asked.primaryDomainName();
    if (primary != null) {
      names.add(AliasRules.lower(primary));
    }
    domains.forEach(domain -> names.add(AliasRules.lower(domain)));
    if (names.size() > new HashSet<>(domains.stream().map(AliasRules::lower).toList()).size()) {
      throw TenantRules.invalid(
          "ManagedCertificateRequest.PrimaryDomainName is none of Domains: '%s'"
              .formatted(primary));
    }
    for (String name : names) {
      if (name.startsWith("*")) {
        throw TenantRules.invalid(
            "ManagedCertificateRequest is not for wildcards, and Domains has " + name);
      }
    }
    return new ArrayList<>(names);
  }

  /** What a row says: the ARN of a certificate, and who serves the proof. */
  private record Noted(String arn, String host) {
    static Noted of(Row row) {
      Asked kept = Asked.of(row.body().getBytes(StandardCharsets.UTF_8));
      return new Noted(kept.text("certificate").orElseThrow(), kept.text("host").orElseThrow());
    }

    String text() {
      return Json.object(Map.of("certificate", arn, "host", host));
    }
  }

  private static Optional<Noted> noted(Transaction tx, String id) {
    return tx.find(TYPE, id).map(Noted::of);
  }

  /** Returns the names of the certificate that a tenant asked for last. */
  private Set<String> requested(Transaction tx, String id) {
    return noted(tx, id).map(last -> certificates.names(tx, last.arn())).orElse(Set.of());
  }

  /**
   * Returns a tenant as it is to be: with the certificate that it asks for, if that is there, and
   * else without viewers at the domains that wait for it.
   *
   * @param id its id; empty if it is new
   */
  Settled settled(Transaction tx, String id, DistributionTenant tenant, Optional<Wanted> wanted) {
    Optional<String> arn = noted(tx, id).map(Noted::arn);
    if (wanted.isPresent() && wanted.get().draft().isPresent()) {
      if (arn.filter(one -> isPending(tx, one)).isPresent()) {
        throw TenantRules.invalid(
            "ManagedCertificateRequest comes before the certificate %s is issued, which the tenant"
                    .formatted(arn.orElseThrow())
                + " asked for earlier; delete that one first");
      }
      arn = Optional.of(certificates.keep(tx, wanted.get().draft().get()));
    }
    boolean isThere = arn.filter(one -> isIssued(tx, one)).isPresent();
    DistributionTenant next =
        wanted.isPresent() && isThere ? showing(tenant, arn.orElseThrow()) : tenant;
    Set<String> waiting =
        wanted.map(Wanted::names).orElseGet(() -> isThere ? Set.of() : requested(tx, id));
    return new Settled(
        family.waiting(tx, next, waiting),
        wanted.isPresent() ? arn : Optional.empty(),
        isThere ? SETTLED : PENDING,
        wanted.map(Wanted::host).orElse(""));
  }

  /**
   * A tenant as it is to be, and what is to be kept beside it.
   *
   * @param arn of the certificate that it asks for; empty if it asks for none
   */
  record Settled(DistributionTenant tenant, Optional<String> arn, String status, String host) {}

  /** Keeps what a tenant asked for, once the tenant is kept. */
  void keep(Transaction tx, String id, Settled settled) {
    if (settled.arn().isPresent()) {
      Instant now = clock.now();
      String body = new Noted(settled.arn().get(), settled.host()).text();
      Row row = new Row(TYPE, id, "", settled.status(), "", now, now, 0, body);
      if (tx.find(TYPE, id).isPresent()) {
        tx.update(row);
      } else {
        tx.insert(row);
      }
    }
  }

  /** Forgets what a tenant asked for; the certificate stays. */
  static void forget(Transaction tx, String id) {
    if (tx.find(TYPE, id).isPresent()) {
      tx.delete(TYPE, id);
    }
  }

  /** Returns whether a tenant has asked for a certificate that is there, or may come. */
  private boolean isAlive(Transaction tx, String id) {
    return noted(tx, id)
        .flatMap(last -> certificates.status(tx, last.arn()))
        .filter(status -> status == Status.PENDING || status == Status.ISSUED)
        .isPresent();
  }

  private boolean isPending(Transaction tx, String arn) {
    return certificates.status(tx, arn).filter(Status.PENDING::equals).isPresent();
  }

  private boolean isIssued(Transaction tx, String arn) {
    return certificates.status(tx, arn).filter(Status.ISSUED::equals).isPresent();
  }

  private static DistributionTenant showing(DistributionTenant tenant, String arn) {
    @Nullable Customizations before = tenant.customizations();
    Customizations.Builder own = before == null ? Customizations.builder() : before.toBuilder();
    return tenant.toBuilder()
        .customizations(own.certificate(Certificate.builder().arn(arn).build()).build())
        .build();
  }

  /**
   * Refuses to move a domain for which a certificate is awaited.
   *
   * @throws Refused {@code IllegalUpdate}
   */
  void requireMovable(Transaction tx, String id, String domain) {
    boolean waits =
        noted(tx, id).filter(last -> isPending(tx, last.arn())).isPresent()
            && requested(tx, id).contains(domain);
    if (waits) {
      throw new Refused(
          "IllegalUpdate",
          "The distribution tenant %s has requested a certificate for %s, which is not issued yet."
              .formatted(id, domain));
    }
  }

  /**
   * Returns what is known of the certificate that a tenant asked for last.
   *
   * @throws Refused {@code EntityNotFound} if it asked for none, or that one is gone
   */
  ManagedCertificateDetails details(Transaction tx, String id) {
    return noted(tx, id)
        .flatMap(last ->
            certificates
                .status(tx, last.arn())
                .map(status ->
                    ManagedCertificateDetails.builder()
                        .certificateArn(last.arn())
                        .certificateStatus(status.word())
                        .validationTokenHost(last.host())
                        .build()))
        .orElseThrow(() ->
            new Refused(
                "EntityNotFound",
                "The distribution tenant %s has no managed certificate.".formatted(id)));
  }

  /** Has tenants show what was issued for them meanwhile. */
  void advance() {
    for (Row row : store.read(tx -> tx.withStatus(TYPE, PENDING))) {
      try {
        store.write(tx -> {
          settle(tx, row);
          return row;
        });
      } catch (Refused refused) {
        LOG.warn("the tenant {} cannot show its certificate: {}", row.id(), refused.message());
      }
    }
  }

  private void settle(Transaction tx, Row row) {
    String arn = Noted.of(row).arn();
    if (!tx.find(TYPE, row.id()).equals(Optional.of(row)) || isPending(tx, arn)) {
      return;
    }
    if (isIssued(tx, arn)) {
      Kept<DistributionTenant> before = tenants.get(tx, row.id());
      DistributionTenant next = showing(before.resource(), arn);
      var _ =
          tenants.update(
              tx, row.id(), Optional.of(before.etag()), family.waiting(tx, next, Set.of()));
    }
    tx.update(row.withStatus(SETTLED));
  }
}
