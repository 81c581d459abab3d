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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance.Shown;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.viewer.SiteCertificate;
import warmfront.snapshot.Snapshot;

/**
 * Which certificates a snapshot has viewers and origins shown.
 *
 * @param zone those of the zone's names
 * @param sites those of distributions' aliases
 * @param ends when each of them ends, by the name of the zone's, or the ARN of a distribution's
 */
record CertificateBook(
    Collection<ZoneCertificate> zone, List<SiteCertificate> sites, Map<String, Instant> ends) {
  /**
   * Reads a snapshot.
   *
   * @throws IllegalArgumentException if a certificate cannot be read, or is not there
   */
  static CertificateBook of(Snapshot snapshot) {
    Map<String, Instant> ends = new HashMap<>();
    Collection<ZoneCertificate> zone = snapshot.all(Kind.ZONE_CERTIFICATE, ZoneCertificate.class);
    zone.forEach(one -> ends.put(one.id(), end(one.id(), one.chainPem())));
    List<SiteCertificate> sites = new ArrayList<>();
    for (Distribution site : snapshot.all(Kind.DISTRIBUTION, Distribution.class)) {
      Optional<Shown> shown = site.entrance().certificate();
      if (shown.isPresent()) {
        Certificate certificate = find(snapshot, site, shown.get().id());
        ends.computeIfAbsent(certificate.id(), id -> end(id, certificate.chainPem()));
        sites.add(new SiteCertificate(certificate, shown.get().policy(), site.aliases()));
      }
      for (Origin origin : site.origins()) {
        Optional<String> toOrigin = origin.reach().clientCertificate();
        if (toOrigin.isPresent()) {
          Certificate certificate = find(snapshot, site, toOrigin.get());
          ends.computeIfAbsent(certificate.id(), id -> end(id, certificate.chainPem()));
        }
      }
    }
    return new CertificateBook(zone, sites, Map.copyOf(ends));
  }

  private static Certificate find(Snapshot snapshot, Distribution site, String id) {
    return snapshot
        .find(Kind.CERTIFICATE, id)
        .map(found -> (Certificate) found.resource())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "distribution %s shows %s, which is not there".formatted(site.id(), id)));
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
