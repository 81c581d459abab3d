package warmfront.snapshot;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * The numbered picture of everything an edge serves. Immutable; applying a change costs in
 * proportion to the change.
 */
public final class Snapshot {
  /**
   * A resource and the revision that gave it.
   *
   * @param resource the value
   * @param revision the revision of its last change
   */
  public record Versioned(Resource resource, long revision) {}

  private static final Snapshot EMPTY = new Snapshot(1, 0, Chain.EMPTY, HashTreePMap.empty());

  private final long epoch;
  private final long revision;
  private final Chain chain;
  private final PMap<Kind, PMap<String, Versioned>> resources;

  private Snapshot(
      long epoch, long revision, Chain chain, PMap<Kind, PMap<String, Versioned>> resources) {
    this.epoch = epoch;
    this.revision = revision;
    this.chain = chain;
    this.resources = resources;
  }

  /** Returns the picture before the first entry. */
  public static Snapshot empty() {
    return EMPTY;
  }

  /**
   * Returns the picture of these resources at a point of the log, as a server receives it whole.
   */
  public static Snapshot of(long epoch, long revision, Chain chain, Collection<Versioned> all) {
    Snapshot made = new Snapshot(epoch, revision, chain, HashTreePMap.empty());
    for (Versioned one : all) {
      made = made.with(one.resource().kind(), one.resource().id(), one);
    }
    return made;
  }

  /**
   * Returns the picture after {@code entry}.
   *
   * @throws IllegalArgumentException if the entry does not follow this revision in this epoch
   */
  public Snapshot after(Entry entry) {
    if (entry.epoch() != epoch || entry.revision() != revision + 1) {
      throw new IllegalArgumentException(
          "entry %d of epoch %d does not follow revision %d of epoch %d"
              .formatted(entry.revision(), entry.epoch(), revision, epoch));
    }
    Snapshot next = new Snapshot(epoch, entry.revision(), entry.chain(), resources);
    return entry.value().isPresent()
        ? next.with(entry.kind(), entry.id(), new Versioned(entry.value().get(), entry.revision()))
        : next.without(entry.kind(), entry.id());
  }

  /**
   * Returns the picture after an entry that could not be obeyed: the resources as they were.
   *
   * @throws IllegalArgumentException if the entry does not follow this revision
   */
  public Snapshot past(long skipped, Chain after) {
    if (skipped != revision + 1) {
      throw new IllegalArgumentException(
          "entry %d does not follow revision %d".formatted(skipped, revision));
    }
    return new Snapshot(epoch, skipped, after, resources);
  }

  /** Returns the epoch, 1 and up. */
  public long epoch() {
    return epoch;
  }

  /** Returns the revision of the last entry in it, 0 before the first. */
  public long revision() {
    return revision;
  }

  /** Returns the chain up to its last entry. */
  public Chain chain() {
    return chain;
  }

  /** Returns the resource of this kind and id. */
  public Optional<Versioned> find(Kind kind, String id) {
    return Optional.ofNullable(of(kind).get(id));
  }

  /** Returns all resources of a type, in no order. */
  public <R extends Resource> Collection<R> all(Kind kind, Class<R> type) {
    return of(kind).values().stream().map(v -> type.cast(v.resource())).toList();
  }

  /** Returns all resources of a kind with their revisions, in no order. */
  public Collection<Versioned> versioned(Kind kind) {
    return of(kind).values();
  }

  /** Returns the number of resources of all kinds. */
  public int size() {
    return resources.values().stream().mapToInt(PMap::size).sum();
  }

  private PMap<String, Versioned> of(Kind kind) {
    @Nullable PMap<String, Versioned> found = resources.get(kind);
    return found == null ? HashTreePMap.empty() : found;
  }

  private Snapshot with(Kind kind, String id, Versioned value) {
    return new Snapshot(epoch, revision, chain, resources.plus(kind, of(kind).plus(id, value)));
  }

  private Snapshot without(Kind kind, String id) {
    return new Snapshot(epoch, revision, chain, resources.plus(kind, of(kind).minus(id)));
  }
}
