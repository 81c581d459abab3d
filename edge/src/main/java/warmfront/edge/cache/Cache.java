package warmfront.edge.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Memory;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.TtlRule;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * The cache of one edge location: steps 5 (look up) and 7 (settle) of a request. Thread-safe.
 *
 * <p>Who gets a {@link warmfront.edge.step.Stored} releases it once; who gets a {@link Fill} to
 * lead settles or abandons it once.
 */
public final class Cache implements AutoCloseable {
  private static final Lookup NOT_CACHED = new Lookup.Pass(Lookup.Passing.CACHING_DISABLED);

  private final Ground ground;
  private final DiskTier disks;
  private final Longs longs;
  private final Settlement settlement;
  private final Lookups lookups;
  private final StandardCache standard;

  private Cache(CacheLimits limits, Clock clock) {
    Timeline time = new Timeline(clock);
    Counts counts = new Counts();
    Index index = new Index(time);
    Memory bytes = new Memory(limits.memoryBytes(), Pages.orPlain());
    MemoryTier memory = new MemoryTier(bytes, limits.heapBytes(), index, time, counts);
    ground =
        new Ground(
            limits, time, counts, index, new DiskIndex(counts), memory, new Ground.Applied());
    disks = new DiskTier(ground);
    longs = new Longs(ground, disks);
    Variety variety = new Variety(ground, disks);
    settlement = new Settlement(ground, disks, longs, variety);
    lookups = new Lookups(ground, settlement, disks);
    standard = new StandardCache(ground, lookups, variety);
  }

  /**
   * Opens a cache and finds again what its disks hold.
   *
   * @param limits how much it may take
   * @param spaces where objects are kept over a restart; none for memory alone
   * @param clock the time
   */
  public static Cache open(CacheLimits limits, List<DiskSpace> spaces, Clock clock) {
    return open(limits, spaces, Optional.empty(), clock);
  }

  /**
   * Opens a cache that remembers in a folder, too, which of its disks were taken out.
   *
   * @param notes the folder; on none of the disks if that can be
   */
  public static Cache open(
      CacheLimits limits, List<DiskSpace> spaces, Optional<Path> notes, Clock clock) {
    return open(limits, spaces, notes, space -> new FileStorage(space.path()), clock);
  }

  /**
   * Returns the files in a folder, and in the folders in it, that say that a disk was taken out: in
   * the folder of notes, or on a disk.
   *
   * @throws IOException if it cannot be looked through
   */
  public static List<Path> takenOut(Path folder) throws IOException {
    return TakenOut.in(folder);
  }

  /** Opens a cache whose files are those of {@code storages}. */
  static Cache open(
      CacheLimits limits,
      List<DiskSpace> spaces,
      Optional<Path> notes,
      Function<DiskSpace, Storage> storages,
      Clock clock) {
    Cache cache = new Cache(limits, clock);
    List<Disk> opened = new ArrayList<>(spaces.size());
    for (DiskSpace space : spaces) {
      opened.add(
          Disk.open(
              new Disk.Which(opened.size(), storages.apply(space), space, notes),
              cache.ground,
              cache.longs::found));
    }
    cache.disks.use(opened);
    cache.ground.memory().savedBy(cache.disks::saves);
    cache.disks.awaitLoaded(limits.diskStartMax().toMillis());
    return cache;
  }

  /**
   * Looks a key up (RFC 9111, section 4). Called on the viewer's event loop; never blocks.
   *
   * @param key the key
   * @param rule how long responses live under the request's behavior
   * @param nanos the time now, on the steady clock
   */
  public Lookup look(CacheKey key, TtlRule rule, long nanos) {
    return rule.caching() ? lookups.look(key, nanos) : NOT_CACHED;
  }

  /**
   * Looks a key up for someone who may not be told anything that the origin did not confirm just
   * now: what is stored comes as stale, is not served meanwhile, and stands in for no failure.
   * Called on the viewer's event loop; never blocks.
   */
  public Lookup confirm(CacheKey key, TtlRule rule) {
    return rule.caching() ? lookups.confirm(key) : NOT_CACHED;
  }

  /** Returns the same cache for requests that go by RFC 9111. */
  public StandardCache standard() {
    return standard;
  }

  /**
   * Decides what becomes of an answer. Called by the leader, on a virtual thread or wherever it is;
   * returns at once, also while the body still comes.
   *
   * <p>A body that is stored, confirmed or excused is read through the {@code Stored} that is
   * returned, which the caller releases, beside any that it got from {@link #look}; the answer's
   * own flow belongs to the cache then. With {@code NotStored} it stays the caller's. A failure of
   * the origin that the viewer is told of with a page may be settled as that page, an {@code
   * Answered} with status 502 or 504, so that it is cached as CloudFront caches its own errors.
   *
   * @param fill what the leader got from {@link #look}
   * @param fetched what the origin said
   * @param rule how long responses live under the request's behavior
   * @throws IllegalStateException if the fill was settled or abandoned before
   */
  public Settled settle(Fill fill, Fetched fetched, TtlRule rule) {
    if (!(fill instanceof Filling filling)) {
      throw new IllegalArgumentException("not a fill of this cache: " + fill);
    }
    return settlement.settle(filling, fetched, rule);
  }

  /**
   * Obeys the invalidations of a picture: when it returns, what they name is not served. Called by
   * one thread at a time.
   *
   * @param next the picture after the changes
   * @param changes what changed since the last picture that was applied; empty if it need not
   *     follow it, so that all is to be compiled anew
   */
  public void apply(Snapshot next, List<Entry> changes) {
    Invalidations current = ground.current();
    if (changes.isEmpty() || next.epoch() != current.now().epoch()) {
      ground.invalidations().swap(current.anew(next));
    } else {
      current.follow(next, changes);
    }
  }

  /** Returns what it has done and what it holds. */
  public CacheCounters counters() {
    return ground.counts().read(ground.memory().used(), ground.onDisk().bytes());
  }

  /** Waits until all that waits to be written to disk is: for tests. */
  boolean drain(long millis) throws InterruptedException {
    return disks.drain(millis);
  }

  /** Returns the number of keys of which something is known: for tests. */
  int keys() {
    return ground.index().size();
  }

  /**
   * Writes to disk what waits for it and what is in memory alone, as long as {@link
   * CacheLimits#closeMax} allows, and lets go of files and memory. Bodies that viewers still read
   * stay readable.
   */
  @Override
  public void close() {
    disks.close();
    ground
        .index()
        .forEach(slot -> {
          synchronized (slot) {
            ground.memory().drop(slot);
            slot.filling = null;
          }
        });
    ground.onDisk().close();
  }

  /** Returns the object in memory under a key, held by nobody: for tests. */
  @Nullable Resident peek(CacheKey key) {
    @Nullable Slot slot = ground.index().find(key);
    return slot == null ? null : slot.resident;
  }
}
