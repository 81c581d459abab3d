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
 * @param exposures what distributions have shown, by id; those that have nothing shown are not in
 *     it
 */
record CertificateBook(
    Collection<ZoneCertificate> zone,
    List<SiteCertificate> sites,
    Map<String, End> ends,
    Set<String> guests,
    Map<String, Exposure> exposures) {
  /** Nothing is shown. */
  static final CertificateBook EMPTY =
      new CertificateBook(List.of(), List.of(), Map.of(), Set.of(), Map.of());

  /**
   * When a certificate ends.
   *
   * @param chainPem the certificate, so that it is read once
   */
  record End(String chainPem, Instant at) {}

  /**
   * What a distribution has shown. Most changes of distributions leave it as it is.
   *
   * @param viewers what viewers of its own names are shown, and those of its tenants
   * @param aliases its own names, if they are shown something
   * @param origins ids of what origins are shown
   */
  record Exposure(Optional<Shown> viewers, List<String> aliases, Set<String> origins) {
    private static final Exposure NONE = new Exposure(Optional.empty(), List.of(), Set.of());

    static Exposure of(Distribution site) {
      Optional<Shown> viewers = site.entrance().certificate();
      return new Exposure(
          viewers,
          viewers.isPresent() ? site.aliases() : List.of(),
          site.origins().stream()
              .flatMap(origin -> origin.reach().clientCertificate().stream())
              .collect(Collectors.toUnmodifiableSet()));
    }
  }

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
      writing.show(site);
    }
    for (Tenant tenant : snapshot.all(Kind.TENANT, Tenant.class)) {
      writing.show(tenant);
    }
    return new CertificateBook(
        all,
        List.copyOf(writing.sites),
        Map.copyOf(writing.ends),
        Set.copyOf(writing.guests),
        Map.copyOf(writing.exposures));
  }

  /** Returns whether a change may be one of what is shown. */
  boolean concerns(Entry change, Snapshot next) {
    return switch (change.kind()) {
      case ZONE_CERTIFICATE -> true;
      case CERTIFICATE -> ends.containsKey(change.id());
      case DISTRIBUTION -> {
        Exposure after =
            change.value().map(now -> Exposure.of((Distribution) now)).orElse(Exposure.NONE);
        yield !after.equals(exposures.getOrDefault(change.id(), Exposure.NONE));
      }
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
    private final Map<String, Exposure> exposures = new HashMap<>();

    Writing(Snapshot snapshot, Map<String, End> known) {
      this.snapshot = snapshot;
      this.known = known;
    }

    void show(Distribution site) {
      Exposure exposure = Exposure.of(site);
      if (exposure.equals(Exposure.NONE)) {
        return;
      }
      exposures.put(site.id(), exposure);
      String title = "distribution " + site.id();
      exposure
          .viewers()
          .ifPresent(shown -> show(title, shown.id(), shown.policy(), exposure.aliases(), false));
      exposure.origins().forEach(id -> find(title, id));
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
