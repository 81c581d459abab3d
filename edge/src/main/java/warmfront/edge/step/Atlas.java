package warmfront.edge.step;

import java.net.InetAddress;
import java.util.Optional;

/** Knows where addresses are. Thread-safe; never waits. */
@FunctionalInterface
public interface Atlas {
  /** Knows of none. */
  Atlas NONE = _ -> Optional.empty();

  /**
   * Returns the country of an address.
   *
   * @return its code, two capital letters (ISO 3166-1); empty if it is in none that is known, as
   *     private addresses are
   */
  Optional<String> country(InetAddress address);
}
