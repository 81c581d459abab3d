package warmfront.distribution;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How viewers come in to a distribution, beyond the zone's certificate and HTTP/2.
 *
 * @param http3 whether HTTP/3 is offered to viewers
 * @param certificate the certificate of its aliases; empty for the zone's
 * @param geography which countries are served
 * @param trial whether some viewers get another configuration
 * @param mtls what is asked of viewers' own certificates; empty for nothing
 */
public record Entrance(
    boolean http3,
    Optional<Shown> certificate,
    Geography geography,
    Trial trial,
    Optional<ViewerMtls> mtls) {
  /** Anybody from anywhere, with the zone's certificate. */
  public static final Entrance PLAIN =
      new Entrance(false, Optional.empty(), Geography.ANYWHERE, Trial.NONE);

  /**
   * The certificate that viewers are shown.
   *
   * @param id the id of a {@link Certificate}
   * @param policy the least that a handshake must offer
   */
  public record Shown(String id, TlsPolicy policy) {}

  /** Makes one that asks for no certificate. */
  public Entrance(boolean http3, Optional<Shown> certificate, Geography geography, Trial trial) {
    this(http3, certificate, geography, trial, Optional.empty());
  }

  /** Makes one of a distribution that has no part in continuous deployment. */
  public Entrance(boolean http3, Optional<Shown> certificate, Geography geography) {
    this(http3, certificate, geography, Trial.NONE);
  }

  Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (http3) {
      features.add(Feature.HTTP3);
    }
    if (certificate.isPresent()) {
      features.add(Feature.CERTIFICATES);
    }
    if (!geography.equals(Geography.ANYWHERE)) {
      features.add(Feature.GEOGRAPHY);
    }
    if (!trial.isNone()) {
      features.add(Feature.CONTINUOUS_DEPLOYMENT);
    }
    if (mtls.isPresent()) {
      features.add(Feature.VIEWER_MTLS);
    }
    return features;
  }
}
