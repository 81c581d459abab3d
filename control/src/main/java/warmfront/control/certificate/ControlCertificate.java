package warmfront.control.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import warmfront.time.Clock;

/**
 * A certificate that control shows, to servers or to callers of the API. A process has its own,
 * made at its start and replaced when a third of its life is over; connections that stand keep the
 * one they saw. Thread-safe.
 */
public final class ControlCertificate {
  private final Supplier<Authority.Issued> authority;
  private final Clock clock;
  private volatile Authority.Issued current;

  /** Has a certificate made by what an authority makes them with. */
  public ControlCertificate(Supplier<Authority.Issued> authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
    this.current = authority.get();
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
    current = authority.get();
    return true;
  }
}
