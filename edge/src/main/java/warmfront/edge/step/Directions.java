package warmfront.edge.step;

import java.net.InetAddress;
import java.util.Optional;
import warmfront.distribution.PriceClass;

/** Knows at which location a viewer is served better. Thread-safe; never waits. */
@FunctionalInterface
public interface Directions {
  /** Knows of none. */
  Directions NONE = (_, _, _) -> Optional.empty();

  /**
   * Returns the location that serves a viewer so much better that a detour pays.
   *
   * @param viewer its address
   * @param location the code of the location where it is
   * @param priceClass whose locations may be chosen
   * @return a code; empty if this location is as good, or nothing is known
   */
  Optional<String> better(InetAddress viewer, String location, PriceClass priceClass);
}
