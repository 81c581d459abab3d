package warmfront.routing.map;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.distribution.Location;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * Makes maps of what edges measured. One process of a fleet makes them; it takes all reports, and
 * is asked for an edition once a window, by the clock of whoever owns it. A window is what lies
 * between two calls of {@link #make}: what is to last for three windows lasts for three of them.
 *
 * <p>Thread-safe: all of it is guarded by the lock {@code making}; a call of {@link #make} holds it
 * for a second or two when a million ranges are known.
 */
public final class MapMaker implements MapSource {
  /**
   * An edition, for those who have nothing and for those who have the one before it.
   *
   * @param whole for anyone
   * @param change for the holder of the edition before; empty if there was none of this maker
   */
  public record Made(MapEdition whole, Optional<MapEdition> change) {}

  /**
   * Makes a maker that has measured nothing yet.
   *
   * @param terrain what is known without measuring
   */
  public MapMaker(Terrain terrain, MapLimits limits, Clock clock) {}

  /** Takes what an edge measured; what is not credible is counted, not believed. */
  public void take(RttReport report) {}

  /**
   * Ends a window, and makes the next edition of what is known.
   *
   * @param locations of the fleet, all of them; one that is missing gets no viewers from now on
   * @param loadGbps what locations send at the moment, by code, as far as it is known: viewers of
   *     those that are nearly full are sent to the next ones
   * @return empty if nothing changed, or nothing is known yet
   */
  public Optional<Made> make(List<Location> locations, Map<String, Double> loadGbps) {
    return Optional.empty();
  }

  /** Minds the operator's word from the next edition on. */
  public void obey(Rules rules) {}

  /** Has another knowledge of addresses from the next edition on, as after an update of tables. */
  public void use(Terrain next) {}

  /** Numbers the next editions above a version, as when another process made maps before. */
  public void startAfter(long version) {}

  /** Lets the next edition move as many viewers as it likes, once: the operator's word. */
  public void moveFreely() {}

  @Override
  public Optional<MapEdition> since(long version) {
    return Optional.empty();
  }

  @Override
  public long version() {
    return 0;
  }

  /** Returns what was done. */
  public MapCounts counts() {
    return new MapCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, Double.NaN, 0, 0, 0);
  }

  /**
   * Writes all that was learnt and the newest map, as {@link #restore} takes them.
   *
   * @throws IOException if it cannot be written
   */
  public void save(DataOutput out) throws IOException {}

  /**
   * Knows from now on what {@link #save} wrote, in place of what it knew.
   *
   * @throws IOException if it is not that, or damaged; then nothing is known
   */
  public void restore(DataInput in) throws IOException {}
}
