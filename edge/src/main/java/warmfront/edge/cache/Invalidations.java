package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Kind;
import warmfront.edge.step.CacheKey;
import warmfront.snapshot.Snapshot;

/**
 * All invalidations of one snapshot, compiled. Immutable; swapped as a whole. A distribution whose
 * invalidations did not change keeps its compiled form from one snapshot to the next, so that an
 * object which was checked against it need not be checked again.
 */
final class Invalidations {
  private final Since now;
  private final Map<String, InvalidPaths> byDistribution;

  private Invalidations(Since now, Map<String, InvalidPaths> byDistribution) {
    this.now = now;
    this.byDistribution = byDistribution;
  }

  static Invalidations none() {
    return new Invalidations(new Since(1, 0), Map.of());
  }

  /** Returns those of {@code snapshot}, reusing what is the same. */
  Invalidations next(Snapshot snapshot) {
    Map<String, List<Snapshot.Versioned>> grouped = new HashMap<>();
    for (Snapshot.Versioned one : snapshot.versioned(Kind.INVALIDATION)) {
      if (one.resource() instanceof Invalidation invalidation) {
        grouped.computeIfAbsent(invalidation.distributionId(), _ -> new ArrayList<>()).add(one);
      }
    }
    Map<String, Long> floors = new HashMap<>();
    for (Snapshot.Versioned one : snapshot.versioned(Kind.INVALIDATION_FLOOR)) {
      if (one.resource() instanceof InvalidationFloor floor) {
        floors.put(floor.id(), floor.revision());
        grouped.putIfAbsent(floor.id(), List.of());
      }
    }
    boolean sameEpoch = snapshot.epoch() == now.epoch();
    Map<String, InvalidPaths> compiled = HashMap.newHashMap(grouped.size());
    grouped.forEach((id, all) -> {
      @Nullable InvalidPaths before = sameEpoch ? byDistribution.get(id) : null;
      long floor = floors.getOrDefault(id, 0L);
      boolean same = before != null && before.isOf(all, floor);
      compiled.put(id, same ? before : InvalidPaths.compile(all, floor));
    });
    return new Invalidations(new Since(snapshot.epoch(), snapshot.revision()), compiled);
  }

  /** Returns the point of the log that is current. */
  Since now() {
    return now;
  }

  /** Returns the invalidations of a distribution, or null if it has none. */
  @Nullable InvalidPaths of(String distributionId) {
    return byDistribution.get(distributionId);
  }

  /** Returns whether an object of this key whose fetch began at {@code since} is invalidated. */
  boolean kills(CacheKey key, Since since) {
    @Nullable InvalidPaths paths = byDistribution.get(key.distributionId());
    return paths != null && paths.kills(key.invalidationPath(), revisionOf(since));
  }

  /**
   * Returns the revision to compare with. The revisions of another epoch are of a log that was
   * taken back: nothing is known of what they followed, so every invalidation counts.
   */
  long revisionOf(Since since) {
    return since.epoch() == now.epoch() ? since.revision() : 0;
  }
}
