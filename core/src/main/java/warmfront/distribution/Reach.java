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
 * @param shield the code of the location through which every other one asks it
 */
public record Reach(Optional<Duration> completion, Family family, Optional<String> shield) {
  /** Straight, over IPv4, as long as it takes. */
  public static final Reach PLAIN = new Reach(Optional.empty(), Family.IPV4, Optional.empty());

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
    return features;
  }
}
