package warmfront.app;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapHolder;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * The latency maps of an edge that is a process of its own. They are wanted, and held, only while a
 * distribution asks for redirects; no other edge is to pay for them. Thread-safe; pictures come one
 * after the other.
 */
final class EdgeMaps implements MapTaker {
  private final Path folder;

  /** The ids of distributions that ask for redirects; known to the thread of pictures alone. */
  private final Set<String> redirecting = new HashSet<>();

  private volatile @Nullable MapHolder holder;

  /** Makes one that wants none; keeps those to come in {@code folder}. */
  EdgeMaps(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes what the distributions ask for.
   *
   * @param changes what changed since the last picture; empty for all of it
   */
  void apply(Snapshot picture, List<Entry> changes) {
    if (changes.isEmpty()) {
      redirecting.clear();
      picture.all(Kind.DISTRIBUTION, Distribution.class).forEach(this::note);
    }
    for (Entry change : changes) {
      if (change.kind() == Kind.DISTRIBUTION) {
        redirecting.remove(change.id());
        change.value().ifPresent(now -> note((Distribution) now));
      }
    }
    if (redirecting.isEmpty()) {
      holder = null;
    } else if (holder == null) {
      holder = new MapHolder(Optional.of(folder), _ -> {});
    }
  }

  private void note(Distribution distribution) {
    if (distribution.wishes().redirects()) {
      redirecting.add(distribution.id());
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
