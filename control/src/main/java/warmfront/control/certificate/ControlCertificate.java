package warmfront.control.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import warmfront.time.Clock;

/**
 * The certificate that control shows to servers. A process has its own, made at its start and
 * replaced when a third of its life is over; connections that stand keep the one they saw.
 * Thread-safe.
 */
public final class ControlCertificate {
  private final Authority authority;
  private final Clock clock;
  private volatile Authority.Issued current;

  /** Makes a certificate of this authority. */
  public ControlCertificate(Authority authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
    this.current = authority.control();
  }

  /** Returns the certificate to be shown now. */
  public Authority.Issued current() {
    return current;
  }

  /** Replaces it if a third of its life is over; returns whether it did. */
  public boolean renewIfDue() {
    X509Certificate leaf = current.chain().getFirst();
    Instant from = leaf.getNotBefore().toInstant();
    Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
    if (clock.now().isBefore(from.plus(life.dividedBy(3)))) {
      return false;
    }
    current = authority.control();
    return true;
  }
}
