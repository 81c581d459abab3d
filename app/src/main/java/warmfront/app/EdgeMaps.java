package warmfront.app;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapHolder;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;
import warmfront.snapshot.Snapshot;

/**
 * The latency maps of an edge that is a process of its own. They are wanted, and held, only while a
 * distribution asks for redirects; no other edge is to pay for them. Thread-safe; pictures come one
 * after the other.
 */
final class EdgeMaps implements MapTaker {
  private final Path folder;
  private volatile @Nullable MapHolder holder;

  /** Makes one that wants none; keeps those to come in {@code folder}. */
  EdgeMaps(Path folder) {
    this.folder = folder;
  }

  /** Takes what the distributions ask for. */
  void apply(Snapshot picture) {
    boolean wanted =
        picture.all(Kind.DISTRIBUTION, Distribution.class).stream()
            .anyMatch(distribution -> distribution.wishes().redirects());
    if (!wanted) {
      holder = null;
    } else if (holder == null) {
      holder = new MapHolder(Optional.of(folder), _ -> {});
    }
  }

  /** Returns the newest map. */
  Optional<LatencyMap> held() {
    MapHolder there = holder;
    return there == null ? Optional.empty() : there.held();
  }

  @Override
  public boolean isWanted() {
    return holder != null;
  }

  @Override
  public long version() {
    MapHolder there = holder;
    return there == null ? 0 : there.version();
  }

  @Override
  public Taken take(MapEdition edition) {
    MapHolder there = holder;
    return there == null
        ? new Taken.Refused("no distribution asks for redirects", false)
        : there.take(edition);
  }
}
