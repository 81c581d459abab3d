package warmfront.edge.cache;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.edge.step.CacheKey;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * All invalidations up to a point of the log. Those of a multi-tenant distribution are all its
 * tenants', too. Those of a change are added in place, at a cost in proportion to the change: an
 * invalidation that is seen a moment early does no harm. Only a picture that does not follow the
 * last one is compiled anew, beside this one.
 *
 * <p>Each change has a stamp. An object that was looked through remembers the stamp and need not be
 * looked through again until there is a newer one: a hit costs one comparison. One thread writes;
 * any reads.
 */
final class Invalidations {
  /** By the id of a distribution, or of a tenant. */
  private final ConcurrentMap<String, InvalidPaths> byId = new ConcurrentHashMap<>();

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
      } else if (change.kind() == Kind.DISTRIBUTION || change.kind() == Kind.TENANT) {
        byId.remove(change.id()); // its id is never used again
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

  private InvalidPaths make(String id) {
    return byId.computeIfAbsent(id, _ -> new InvalidPaths());
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

  /** Returns whether there may be any for a key since a stamp, 0 for ever. */
  boolean haveChanged(CacheKey key, long since) {
    return any(key, paths -> since == 0 || paths.stamp() > since);
  }

  /**
   * Returns whether an object of this key whose fetch began at {@code since} may have been named by
   * one that is no longer known.
   */
  boolean doubt(CacheKey key, Since since) {
    return any(key, paths -> paths.doubts(revisionOf(since)));
  }

  /** Returns whether an object of this key whose fetch began at {@code since} is invalidated. */
  boolean kills(CacheKey key, Since since) {
    return any(key, paths -> paths.kills(key.invalidationPath(), revisionOf(since)));
  }

  /** Returns whether one of these tags was invalidated after {@code since}. */
  boolean kills(CacheKey key, Tags tags, Since since) {
    return any(key, paths -> paths.kills(tags, revisionOf(since)));
  }

  /** Asks those of the key's distribution, and of its tenant if it has one. */
  private boolean any(CacheKey key, Predicate<InvalidPaths> asked) {
    String owner = key.owner();
    int slash = owner.indexOf('/');
    return slash < 0
        ? isSo(owner, asked)
        : isSo(owner.substring(0, slash), asked) || isSo(owner.substring(slash + 1), asked);
  }

  private boolean isSo(String id, Predicate<InvalidPaths> asked) {
    @Nullable InvalidPaths paths = of(id);
    return paths != null && asked.test(paths);
  }

  /** Returns the invalidations of a distribution or of a tenant, or null if it has none. */
  @Nullable InvalidPaths of(String id) {
    return byId.get(id);
  }

  /**
   * Returns the revision to compare with. The revisions of another epoch are of a log that was
   * taken back: nothing is known of what they followed, so every invalidation counts.
   */
  private long revisionOf(Since since) {
    return since.epoch() == now.epoch() ? since.revision() : 0;
  }
}
