package warmfront.routing.map;

import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;

/**
 * What is known of ranges of addresses without measuring. Immutable.
 *
 * @param systems4 the number of the autonomous system that announces each range of IPv4
 * @param systems6 the same of IPv6
 * @param places4 where each range of IPv4 is: a {@link Grid} cell
 * @param places6 the same of IPv6
 */
public record Terrain(Ranges systems4, Ranges systems6, Ranges places4, Ranges places6) {
  /** Nothing is known. */
  public static final Terrain NONE =
      new Terrain(
          Ranges.none(Family.IPV4),
          Ranges.none(Family.IPV6),
          Ranges.none(Family.IPV4),
          Ranges.none(Family.IPV6));

  /** Returns the systems of a family. */
  public Ranges systems(Family family) {
    return family == Family.IPV4 ? systems4 : systems6;
  }

  /** Returns the places of a family. */
  public Ranges places(Family family) {
    return family == Family.IPV4 ? places4 : places6;
  }
}
