package warmfront.control.maps;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.distribution.Location;
import warmfront.rtt.MapEdition;
import warmfront.rtt.RttReport;

/** What makes maps of measurements. Used by one thread at a time. */
public interface Maker {
  /**
   * An edition.
   *
   * @param whole for anyone
   * @param change for the holder of the edition before, if there was one
   */
  record Made(MapEdition whole, Optional<MapEdition> change) {}

  /** Takes what an edge measured. */
  void take(RttReport report);

  /**
   * Makes the next edition.
   *
   * @param locations of the fleet, all of them
   * @param loadGbps what they send to viewers, by code, in gigabits per second, where it is known
   * @return empty if nothing changed, or nothing is known yet
   */
  Optional<Made> make(List<Location> locations, Map<String, Double> loadGbps);

  /** Returns the version of the last edition; 0 if there is none. */
  long version();

  /** Numbers the next editions above a version. */
  void startAfter(long version);

  /** Writes all that was learnt. */
  void save(OutputStream out) throws IOException;

  /**
   * Knows what {@link #save} wrote, in place of what it knew.
   *
   * @throws IOException if it is not that, or damaged; then nothing is known
   */
  void restore(InputStream in) throws IOException;
}
