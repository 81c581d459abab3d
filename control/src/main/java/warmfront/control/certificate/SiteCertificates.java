package warmfront.control.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import warmfront.link.Credentials;
import warmfront.time.Clock;

/**
 * Certificates for names of sites, issued by the fleet's authority to who asks for them. Viewers
 * have to trust that authority. Thread-safe.
 */
public final class SiteCertificates {
  /** How long one lives. */
  public static final Duration LIFE = Duration.ofDays(90);

  /** What names of the fleet's servers end with ({@link warmfront.distribution.Server}). */
  private static final String FLEET =
      Credentials.CONTROL_NAME.substring(Credentials.CONTROL_NAME.indexOf('.'));

  private final Authority authority;
  private final Clock clock;

  /** Makes the issuer. */
  public SiteCertificates(Authority authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /**
   * Returns a new certificate and key.
   *
   * @param names DNS names in lower case, the first in the subject; wildcards may be among them
   * @throws IllegalArgumentException if one is a name by which the fleet's own servers are known
   */
  public Authority.Issued issue(List<String> names, SiteKey kind) {
    for (String name : names) {
      if (name.endsWith(FLEET)) {
        throw new IllegalArgumentException("%s is a name of the fleet's servers".formatted(name));
      }
    }
    return authority.issueForSite(names, kind, LIFE);
  }

  /** Returns whether the last third of a certificate's life has begun. */
  public boolean isDue(AliasCertificate certificate) {
    Instant from = certificate.begins();
    Duration life = Duration.between(from, certificate.ends());
    return !clock.now().isBefore(from.plus(life.multipliedBy(2).dividedBy(3)));
  }
}
