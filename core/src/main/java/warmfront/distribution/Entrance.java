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
 * @param tenancy what it has for its tenants, if it is a multi-tenant one
 * @param anycast the addresses of its own name, if they are the same for all viewers
 */
public record Entrance(
    boolean http3,
    Optional<Shown> certificate,
    Geography geography,
    Trial trial,
    Optional<ViewerMtls> mtls,
    Optional<Tenancy> tenancy,
    Optional<Anycast> anycast) {
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

  /** Makes one of a distribution that has viewers of its own. */
  public Entrance(
      boolean http3,
      Optional<Shown> certificate,
      Geography geography,
      Trial trial,
      Optional<ViewerMtls> mtls) {
    this(http3, certificate, geography, trial, mtls, Optional.empty(), Optional.empty());
  }

  /** Makes one that asks for no certificate. */
  public Entrance(boolean http3, Optional<Shown> certificate, Geography geography, Trial trial) {
    this(http3, certificate, geography, trial, Optional.empty());
  }

  /** Makes one of a distribution that has no part in continuous deployment. */
  public Entrance(boolean http3, Optional<Shown> certificate, Geography geography) {
    this(http3, certificate, geography, Trial.NONE);
  }

  /** Returns this entrance with other countries served. */
  public Entrance withGeography(Geography other) {
    return new Entrance(http3, certificate, other, trial, mtls, tenancy, anycast);
  }

  /** Returns this entrance for tenants' viewers. */
  public Entrance withTenancy(Tenancy shared) {
    return new Entrance(http3, certificate, geography, trial, mtls, Optional.of(shared), anycast);
  }

  /** Returns this entrance at addresses that are announced everywhere. */
  public Entrance withAnycast(Optional<Anycast> everywhere) {
    return new Entrance(http3, certificate, geography, trial, mtls, tenancy, everywhere);
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
    if (tenancy.isPresent()) {
      features.add(Feature.TENANTS);
    }
    if (anycast.isPresent()) {
      features.add(Feature.ANYCAST);
    }
    return features;
  }
}
