package warmfront.rtt;

import java.util.Optional;

/** Where the newest latency map comes from. Thread-safe. */
public interface MapSource {
  /**
   * Returns what brings the holder of a map to the newest one.
   *
   * @param version the holder's; 0 if it has none
   * @return empty if it has the newest, or if there is none; whole if its version is not known
   */
  Optional<MapEdition> since(long version);

  /** Returns the version of the newest map; 0 if there is none. */
  long version();
}
