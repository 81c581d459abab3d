package warmfront.edge;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance.Shown;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.Tenant;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.viewer.SiteCertificate;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * Which certificates a snapshot has viewers and origins shown.
 *
 * @param zone those of the zone's names
 * @param sites those of distributions' aliases and of tenants' domains
 * @param ends when each of them ends, by the name of the zone's, or the ARN of a distribution's
 * @param guests the tenants whose domains have certificates, by id
 */
record CertificateBook(
    Collection<ZoneCertificate> zone,
    List<SiteCertificate> sites,
    Map<String, End> ends,
    Set<String> guests) {
  /** Nothing is shown. */
  static final CertificateBook EMPTY =
      new CertificateBook(List.of(), List.of(), Map.of(), Set.of());

  /**
   * When a certificate ends.
   *
   * @param chainPem the certificate, so that it is read once
   */
  record End(String chainPem, Instant at) {}

  /**
   * Returns what a snapshot has shown, which follows this one's.
   *
   * @throws IllegalArgumentException if a certificate cannot be read, or is not there
   */
  CertificateBook next(Snapshot snapshot) {
    var writing = new Writing(snapshot, ends);
    Collection<ZoneCertificate> all = snapshot.all(Kind.ZONE_CERTIFICATE, ZoneCertificate.class);
    all.forEach(one -> writing.note(one.id(), one.chainPem()));
    for (Distribution site : snapshot.all(Kind.DISTRIBUTION, Distribution.class)) {
      site.entrance()
          .certificate()
          .ifPresent(shown ->
              writing.show(
                  "distribution " + site.id(), shown.id(), shown.policy(), site.aliases(), false));
      for (Origin origin : site.origins()) {
        origin
            .reach()
            .clientCertificate()
            .ifPresent(id -> writing.find("distribution " + site.id(), id));
      }
    }
    for (Tenant tenant : snapshot.all(Kind.TENANT, Tenant.class)) {
      writing.show(tenant);
    }
    return new CertificateBook(
        all, List.copyOf(writing.sites), Map.copyOf(writing.ends), Set.copyOf(writing.guests));
  }

  /** Returns whether a change may be one of what is shown. */
  boolean concerns(Entry change, Snapshot next) {
    return switch (change.kind()) {
      case ZONE_CERTIFICATE, CERTIFICATE, DISTRIBUTION -> true;
      case TENANT ->
          guests.contains(change.id())
              || change.value().filter(now -> isShown((Tenant) now, next)).isPresent();
      default -> false;
    };
  }

  private static boolean isShown(Tenant tenant, Snapshot snapshot) {
    return tenant.certificate().isPresent() || shared(tenant, snapshot).isPresent();
  }

  private static Optional<Shown> shared(Tenant tenant, Snapshot snapshot) {
    return snapshot
        .find(Kind.DISTRIBUTION, tenant.distributionId())
        .flatMap(found -> ((Distribution) found.resource()).entrance().certificate());
  }

  /** Returns when each certificate ends. */
  Map<String, Instant> endings() {
    return ends.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().at()));
  }

  /** A book while it is written. */
  private static final class Writing {
    /** What viewers of a tenant have to offer whose distribution says nothing of it. */
    private static final TlsPolicy LEAST = TlsPolicy.TLS_1_2_2021;

    private final Snapshot snapshot;
    private final Map<String, End> known;
    private final List<SiteCertificate> sites = new ArrayList<>();
    private final Map<String, End> ends = new HashMap<>();
    private final Set<String> guests = new HashSet<>();

    Writing(Snapshot snapshot, Map<String, End> known) {
      this.snapshot = snapshot;
      this.known = known;
    }

    /** A tenant's own certificate comes first; each for those of its domains that it is for. */
    void show(Tenant tenant) {
      String title = "tenant " + tenant.id();
      Optional<Shown> shared = shared(tenant, snapshot);
      TlsPolicy policy = shared.map(Shown::policy).orElse(LEAST);
      shared.ifPresent(shown -> show(title, shown.id(), policy, tenant.domains(), true));
      tenant.certificate().ifPresent(own -> show(title, own, policy, tenant.domains(), true));
      if (shared.isPresent() || tenant.certificate().isPresent()) {
        guests.add(tenant.id());
      }
    }

    void show(String title, String id, TlsPolicy policy, List<String> names, boolean covered) {
      sites.add(new SiteCertificate(find(title, id), policy, names, covered));
    }

    Certificate find(String title, String id) {
      Certificate certificate =
          snapshot
              .find(Kind.CERTIFICATE, id)
              .map(found -> (Certificate) found.resource())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "%s shows %s, which is not there".formatted(title, id)));
      note(certificate.id(), certificate.chainPem());
      return certificate;
    }

    void note(String id, String chainPem) {
      if (!ends.containsKey(id)) {
        @Nullable End same = known.get(id);
        ends.put(
            id,
            same != null && same.chainPem().equals(chainPem)
                ? same
                : new End(chainPem, end(id, chainPem)));
      }
    }

    private static Instant end(String id, String chainPem) {
      try {
        var pem = new ByteArrayInputStream(chainPem.getBytes(StandardCharsets.US_ASCII));
        var first =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        return first.getNotAfter().toInstant();
      } catch (CertificateException e) {
        throw new IllegalArgumentException(id + ": " + e.getMessage(), e);
      }
    }
  }
}
