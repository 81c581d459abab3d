package warmfront.edge.cache;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.edge.step.CacheKey;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * All invalidations up to a point of the log. Those of a change are added in place, at a cost in
 * proportion to the change: an invalidation that is seen a moment early does no harm. Only a
 * picture that does not follow the last one is compiled anew, beside this one.
 *
 * <p>Each change has a stamp. An object that was looked through remembers the stamp and need not be
 * looked through again until there is a newer one: a hit costs one comparison. One thread writes;
 * any reads.
 */
final class Invalidations {
  private final ConcurrentMap<String, InvalidPaths> byDistribution = new ConcurrentHashMap<>();
  private volatile Since now;
  private volatile long stamp;

  private Invalidations(Since now, long stamp) {
    this.now = now;
    this.stamp = stamp;
  }

  static Invalidations none() {
    return new Invalidations(new Since(1, 0), 1);
  }

  /** Returns those of a picture that need not follow the one before. */
  Invalidations anew(Snapshot picture) {
    Invalidations made =
        new Invalidations(new Since(picture.epoch(), picture.revision()), stamp + 1);
    made.addAll(picture.versioned(Kind.INVALIDATION_FLOOR));
    made.addAll(picture.versioned(Kind.INVALIDATION));
    return made;
  }

  private void addAll(Iterable<Snapshot.Versioned> all) {
    for (Snapshot.Versioned one : all) {
      add(one.resource(), one.revision());
    }
  }

  /**
   * Follows the log.
   *
   * @param picture the picture after the changes
   * @param changes what changed, in order; when this returns, what they invalidate is not served
   */
  void follow(Snapshot picture, List<Entry> changes) {
    for (Entry change : changes) {
      if (change.value().isPresent()) {
        add(change.value().get(), change.revision());
      } else if (change.kind() == Kind.DISTRIBUTION) {
        byDistribution.remove(change.id()); // its id is never used again
      }
    }
    now = new Since(picture.epoch(), picture.revision());
  }

  private void add(Resource resource, long revision) {
    if (resource instanceof Invalidation invalidation) {
      InvalidPaths paths = make(invalidation.distributionId());
      paths.add(invalidation.items(), revision);
      mark(paths);
    } else if (resource instanceof InvalidationFloor raised) {
      InvalidPaths paths = make(raised.id());
      paths.raiseFloor(raised.revision());
      mark(paths);
    }
  }

  private InvalidPaths make(String distributionId) {
    return byDistribution.computeIfAbsent(distributionId, _ -> new InvalidPaths());
  }

  /** After this, nobody trusts what was looked through before. */
  private void mark(InvalidPaths paths) {
    long next = stamp + 1;
    paths.stamped(next);
    stamp = next;
  }

  /** Returns the point of the log that is current. */
  Since now() {
    return now;
  }

  /** Returns the stamp of the last change; read before anything is looked through. */
  long stamp() {
    return stamp;
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
