package warmfront.control.maps;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;

/**
 * The newest map, and the changes that lead to it from those before. Immutable.
 *
 * @param whole the newest map; empty before the first
 * @param changes the last ones, by the version that each changes
 * @param created when the newest was made
 */
record Shelf(Optional<MapEdition> whole, Map<Long, MapEdition> changes, Instant created)
    implements MapSource {
  static final Shelf EMPTY = new Shelf(Optional.empty(), Map.of(), Instant.EPOCH);

  /** Changes that are kept: half an hour's. */
  static final int CHANGES_MAX = 30;

  Shelf {
    changes = Map.copyOf(changes);
  }

  /** Returns the shelf with further editions; of whole ones the newest counts. */
  Shelf with(List<MapEdition> editions, Instant when) {
    Optional<MapEdition> newest = whole;
    TreeMap<Long, MapEdition> all = new TreeMap<>(changes);
    for (MapEdition edition : editions) {
      if (!edition.isWhole()) {
        all.put(edition.base(), edition);
      } else if (edition.version() > newest.map(MapEdition::version).orElse(0L)) {
        newest = Optional.of(edition);
      }
    }
    while (all.size() > CHANGES_MAX) {
      all.pollFirstEntry();
    }
    return new Shelf(newest, all, when);
  }

  @Override
  public long version() {
    return whole.map(MapEdition::version).orElse(0L);
  }

  /**
   * Returns the next change for a holder from which changes lead to the newest map, if they are
   * smaller than that; else that.
   */
  @Override
  public Optional<MapEdition> since(long version) {
    if (version >= version()) {
      return Optional.empty();
    }
    return leads(version) ? Optional.ofNullable(changes.get(version)) : whole;
  }

  private boolean leads(long from) {
    long bytes = whole.map(Shelf::bytes).orElse(0L);
    long at = from;
    while (at < version()) {
      MapEdition change = changes.get(at);
      bytes -= change == null ? bytes : bytes(change);
      if (change == null || bytes < 0) {
        return false;
      }
      at = change.version();
    }
    return at == version();
  }

  private static long bytes(MapEdition edition) {
    return edition.content().remaining();
  }

  /** Returns how many bytes are held. */
  long bytes() {
    return whole.map(Shelf::bytes).orElse(0L) + sum(changes.values());
  }

  private static long sum(Collection<MapEdition> editions) {
    return editions.stream().mapToLong(Shelf::bytes).sum();
  }
}
