package warmfront.edge;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance.Shown;
import warmfront.distribution.Kind;
import warmfront.distribution.Tenant;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.behavior.Reference;
import warmfront.edge.behavior.Referrers;
import warmfront.edge.viewer.SiteCertificate;
import warmfront.edge.viewer.Unshown;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * Which certificates a snapshot has viewers and origins shown, and by whom. A change finds those
 * whom it reaches and looks at nobody else. Immutable; one that follows another shares with it what
 * is the same.
 */
final class CertificateBook {
  /** Nothing is shown. */
  static final CertificateBook EMPTY =
      new CertificateBook(List.of(), HashTreePMap.empty(), HashTreePMap.empty(), Referrers.none());

  private final Collection<ZoneCertificate> zone;
  private final PMap<String, End> ends;
  private final PMap<String, Exposure> exposures;

  /** Who shows a certificate, and the tenants of a distribution, by id. */
  private final Referrers referrers;

  private CertificateBook(
      Collection<ZoneCertificate> zone,
      PMap<String, End> ends,
      PMap<String, Exposure> exposures,
      Referrers referrers) {
    this.zone = zone;
    this.ends = ends;
    this.exposures = exposures;
    this.referrers = referrers;
  }

  /**
   * A book that follows another, and what is to be exchanged for it.
   *
   * @param zone the certificates of the zone's names, all of them
   * @param sites what viewers are shown of those distributions and tenants that were reached, by id
   */
  record Edition(
      CertificateBook book,
      Collection<ZoneCertificate> zone,
      Map<String, List<SiteCertificate>> sites) {}

  /**
   * When a certificate ends.
   *
   * @param chainPem the certificate, so that it is read once
   */
  private record End(String chainPem, Instant at) {}

  /**
   * What a distribution or a tenant has shown. Most changes leave it as it is.
   *
   * @param title what it is called in messages
   * @param viewers what viewers are shown by a distribution, or by that of a tenant
   * @param own what viewers are shown by a tenant itself
   * @param names those that are shown something
   * @param origins ids of what origins are shown
   * @param shared the distribution of a tenant
   */
  private record Exposure(
      String title,
      Optional<Shown> viewers,
      Optional<String> own,
      List<String> names,
      Set<String> origins,
      Optional<String> shared) {
    private static final Exposure NONE =
        new Exposure("", Optional.empty(), Optional.empty(), List.of(), Set.of(), Optional.empty());

    /** What viewers of a tenant have to offer whose distribution says nothing of it. */
    private static final TlsPolicy LEAST = TlsPolicy.TLS_1_2_2021;

    static Exposure of(Snapshot snapshot, String id) {
      return snapshot
          .find(Kind.DISTRIBUTION, id)
          .map(found -> of((Distribution) found.resource()))
          .or(() ->
              snapshot.find(Kind.TENANT, id).map(found -> of((Tenant) found.resource(), snapshot)))
          .orElse(NONE);
    }

    private static Exposure of(Distribution site) {
      Optional<Shown> viewers = site.entrance().certificate();
      Set<String> origins =
          site.origins().stream()
              .flatMap(origin -> origin.reach().clientCertificate().stream())
              .collect(Collectors.toUnmodifiableSet());
      return viewers.isEmpty() && origins.isEmpty()
          ? NONE
          : new Exposure(
              "distribution " + site.id(),
              viewers,
              Optional.empty(),
              viewers.isPresent() ? site.aliases() : List.of(),
              origins,
              Optional.empty());
    }

    private static Exposure of(Tenant tenant, Snapshot snapshot) {
      Optional<Shown> viewers =
          snapshot
              .find(Kind.DISTRIBUTION, tenant.distributionId())
              .flatMap(found -> ((Distribution) found.resource()).entrance().certificate());
      boolean shows = viewers.isPresent() || tenant.certificate().isPresent();
      return new Exposure(
          "tenant " + tenant.id(),
          viewers,
          tenant.certificate(),
          shows ? tenant.domains() : List.of(),
          Set.of(),
          Optional.of(tenant.distributionId()));
    }

    Set<String> certificates() {
      return Stream.of(viewers.map(Shown::id).stream(), own.stream(), origins.stream())
          .flatMap(ids -> ids)
          .collect(Collectors.toUnmodifiableSet());
    }

    Set<Reference> references() {
      return Stream.concat(
              certificates().stream().map(id -> new Reference(Kind.CERTIFICATE, id)),
              shared.stream().map(id -> new Reference(Kind.DISTRIBUTION, id)))
          .collect(Collectors.toUnmodifiableSet());
    }

    /** A tenant's own certificate comes last; each for those of its domains that it is for. */
    List<SiteCertificate> sites(Map<String, Certificate> there) {
      TlsPolicy policy = viewers.map(Shown::policy).orElse(LEAST);
      return Stream.concat(viewers.map(Shown::id).stream(), own.stream())
          .flatMap(id -> Optional.ofNullable(there.get(id)).stream())
          .map(one -> new SiteCertificate(one, policy, names, shared.isPresent()))
          .toList();
    }
  }

  /**
   * Returns whom changes reach: distributions, tenants and certificates of the zone by id, each
   * with the revision that does.
   *
   * @param next the snapshot after the changes, which follows this book's
   * @param changes none for a whole picture
   */
  Map<String, Long> reached(Snapshot next, List<Entry> changes) {
    Map<String, Long> reached = new LinkedHashMap<>();
    if (changes.isEmpty()) {
      for (Kind kind : List.of(Kind.ZONE_CERTIFICATE, Kind.DISTRIBUTION, Kind.TENANT)) {
        for (Snapshot.Versioned one : next.versioned(kind)) {
          reached.put(one.resource().id(), one.revision());
        }
      }
      zone.forEach(one -> reached.putIfAbsent(one.id(), next.revision()));
      exposures.keySet().forEach(id -> reached.putIfAbsent(id, next.revision()));
      return reached;
    }
    for (Entry change : changes) {
      long at = change.revision();
      switch (change.kind()) {
        case ZONE_CERTIFICATE -> reached.put(change.id(), at);
        case CERTIFICATE ->
            referrers
                .of(new Reference(Kind.CERTIFICATE, change.id()))
                .forEach(id -> reached.put(id, at));
        case DISTRIBUTION, TENANT -> {
          Exposure before = exposure(change.id());
          Exposure after = Exposure.of(next, change.id());
          if (!after.equals(before)) {
            reached.put(change.id(), at);
          }
          if (!after.viewers().equals(before.viewers())) {
            referrers
                .of(new Reference(Kind.DISTRIBUTION, change.id()))
                .forEach(tenant -> reached.putIfAbsent(tenant, at));
          }
        }
        default -> {}
      }
    }
    return reached;
  }

  private Exposure exposure(String id) {
    return exposures.getOrDefault(id, Exposure.NONE);
  }

  /**
   * Returns the book of a snapshot that follows this one's.
   *
   * @param reached whom the changes between them reach
   * @throws Unshown if a certificate cannot be read, or is not there
   */
  Edition edition(Snapshot next, Set<String> reached) {
    var writing = new Writing(next, this);
    reached.forEach(writing::show);
    return writing.done();
  }

  /** Returns when each certificate ends, by the name of the zone's, or the ARN of a site's. */
  Map<String, Instant> endings() {
    return ends.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().at()));
  }

  /** A book while it is written. */
  private static final class Writing {
    private final Snapshot snapshot;
    private final CertificateBook before;
    private final Map<String, List<SiteCertificate>> sites = new LinkedHashMap<>();
    private PMap<String, End> ends;
    private PMap<String, Exposure> exposures;
    private Referrers referrers;

    Writing(Snapshot snapshot, CertificateBook before) {
      this.snapshot = snapshot;
      this.before = before;
      this.ends = before.ends;
      this.exposures = before.exposures;
      this.referrers = before.referrers;
    }

    void show(String id) {
      Exposure last = before.exposure(id);
      Exposure now = Exposure.of(snapshot, id);
      referrers = referrers.without(id, last.references()).with(id, now.references());
      exposures = now.equals(Exposure.NONE) ? exposures.minus(id) : exposures.plus(id, now);
      for (String certificate : last.certificates()) {
        if (referrers.of(new Reference(Kind.CERTIFICATE, certificate)).isEmpty()) {
          ends = ends.minus(certificate);
        }
      }
      Map<String, Certificate> there = new LinkedHashMap<>();
      for (String certificate : now.certificates()) {
        there.put(certificate, find(id, now.title(), certificate));
      }
      if (!last.names().isEmpty() || !now.names().isEmpty()) {
        sites.put(id, now.sites(there));
      }
    }

    private Certificate find(String owner, String title, String id) {
      Certificate certificate =
          snapshot
              .find(Kind.CERTIFICATE, id)
              .map(found -> (Certificate) found.resource())
              .orElseThrow(
                  () -> new Unshown(owner, "%s shows %s, which is not there".formatted(title, id)));
      note(owner, id, certificate.chainPem());
      return certificate;
    }

    private void note(String owner, String id, String chainPem) {
      @Nullable End known = before.ends.get(id);
      boolean same = known != null && known.chainPem().equals(chainPem);
      ends = ends.plus(id, same ? known : new End(chainPem, end(owner, id, chainPem)));
    }

    private static Instant end(String owner, String id, String chainPem) {
      try {
        var pem = new ByteArrayInputStream(chainPem.getBytes(StandardCharsets.US_ASCII));
        var first =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        return first.getNotAfter().toInstant();
      } catch (CertificateException e) {
        throw new Unshown(owner, id + ": " + e.getMessage());
      }
    }

    /** The zone has few certificates, which are looked at anew each time. */
    Edition done() {
      Collection<ZoneCertificate> zone =
          List.copyOf(snapshot.all(Kind.ZONE_CERTIFICATE, ZoneCertificate.class));
      for (ZoneCertificate gone : before.zone) {
        ends = ends.minus(gone.id());
      }
      zone.forEach(one -> note(one.id(), one.id(), one.chainPem()));
      return new Edition(
          new CertificateBook(zone, ends, exposures, referrers), zone, Map.copyOf(sites));
    }
  }
}
