package warmfront.distribution;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How an origin is reached, beyond its name and ports.
 *
 * @param completion longest time for the whole exchange, retries included; empty for no limit
 * @param family which addresses of it are asked
 * @param shield the name of the region through whose nearest location every other one asks it
 * @param accessControl the id of an origin access control, where the origin is no bucket
 * @param vpcOrigin the id of the VPC origin that says where it is connected to, and at which ports
 * @param clientCertificate the id of a {@link Certificate} that is shown to it if it asks
 */
public record Reach(
    Optional<Duration> completion,
    Family family,
    Optional<String> shield,
    Optional<String> accessControl,
    Optional<String> vpcOrigin,
    Optional<String> clientCertificate) {
  /** Straight, over IPv4, as long as it takes. */
  public static final Reach PLAIN = new Reach(Optional.empty(), Family.IPV4, Optional.empty());

  /** Makes one for an origin that is asked at its name, without a signature. */
  public Reach(Optional<Duration> completion, Family family, Optional<String> shield) {
    this(completion, family, shield, Optional.empty(), Optional.empty());
  }

  /** Makes one for an origin that is shown no certificate. */
  public Reach(
      Optional<Duration> completion,
      Family family,
      Optional<String> shield,
      Optional<String> accessControl,
      Optional<String> vpcOrigin) {
    this(completion, family, shield, accessControl, vpcOrigin, Optional.empty());
  }

  /** Which addresses of an origin are asked. */
  public enum Family {
    IPV4,
    IPV6,
    DUALSTACK
  }

  Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (completion.isPresent() || family != Family.IPV4) {
      features.add(Feature.ORIGIN_REACH);
    }
    if (shield.isPresent()) {
      features.add(Feature.ORIGIN_SHIELD);
    }
    if (accessControl.isPresent()) {
      features.add(Feature.ORIGIN_SIGNING);
    }
    if (vpcOrigin.isPresent()) {
      features.add(Feature.VPC_ORIGINS);
    }
    if (clientCertificate.isPresent()) {
      features.add(Feature.ORIGIN_MTLS);
    }
    return features;
  }
}
