package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import warmfront.bytes.Flow;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Resource;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.Fields;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.time.ManualClock;

/** A cache with a clock and short words for what is done with it. */
final class Edge implements AutoCloseable {
  static final int MIB = 1 << 20;

  /**
   * MinTTL 0, DefaultTTL a day, MaxTTL a year: CloudFront's CachingOptimized but for MinTTL; tags
   * in Cache-Tag.
   */
  static final TtlRule RULE =
      new TtlRule(
          Duration.ZERO,
          Duration.ofDays(1),
          Duration.ofDays(365),
          Map.of(),
          Optional.of("Cache-Tag"),
          true);

  final ManualClock clock;
  final Cache cache;
  private final List<Snapshot.Versioned> invalidations = new ArrayList<>();
  private final List<Entry> unseen = new ArrayList<>();
  private long revision = 10;

  Edge() {
    this(limits(16 * MIB), List.of());
  }

  Edge(CacheLimits limits, List<DiskSpace> disks) {
    this(limits, disks, new ManualClock(Instant.parse("2026-03-01T00:00:00Z")));
  }

  Edge(CacheLimits limits, List<DiskSpace> disks, ManualClock clock) {
    this(limits, disks, space -> new FileStorage(space.path()), clock);
  }

  Edge(
      CacheLimits limits,
      List<DiskSpace> disks,
      Function<DiskSpace, Storage> storages,
      ManualClock clock) {
    this(limits, disks, Optional.empty(), storages, clock);
  }

  Edge(
      CacheLimits limits,
      List<DiskSpace> disks,
      Optional<Path> notes,
      Function<DiskSpace, Storage> storages,
      ManualClock clock) {
    this.clock = clock;
    cache = Cache.open(limits, disks, notes, storages, clock);
    cache.apply(snapshot(), List.of());
  }

  static CacheLimits limits(long memoryBytes) {
    return limits(memoryBytes, 64 * MIB, 10_000);
  }

  static CacheLimits limits(long memoryBytes, long segmentBytes, int waitersMax) {
    CacheLimits standard = CacheLimits.ofMemory(memoryBytes);
    return new CacheLimits(
        memoryBytes,
        standard.heapBytes(),
        standard.objectBytesMax(),
        256 << 10,
        MIB,
        waitersMax,
        100,
        standard.hitForMiss(),
        standard.leaderMax(),
        segmentBytes,
        2,
        16,
        Duration.ofSeconds(5),
        memoryBytes,
        4,
        4,
        Duration.ofSeconds(20),
        standard.diskRest(),
        Duration.ofSeconds(20));
  }

  static CacheKey key(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    long hash = 1125899906842597L;
    for (byte b : bytes) {
      hash = 31 * hash + b;
    }
    return new CacheKey(hash * 0x9E3779B97F4A7C15L, hash, bytes, "E1", path);
  }

  static Fetched.Answered answer(int status, Fields fields, Flow body, long length) {
    return new Fetched.Answered(status, fields, body, length, Duration.ZERO);
  }

  static Fetched.Answered ok(byte[] body, String... fields) {
    return answer(200, Fields.of(fields), Flow.of(body), body.length);
  }

  static Fetched.Answered status(int status, String... fields) {
    return answer(status, Fields.of(fields), Flow.empty(), 0);
  }

  static Fetched down() {
    return new Fetched.Failed(504, Reason.ORIGIN_TIMEOUT, "silent");
  }

  Lookup look(String path) {
    return cache.look(key(path), RULE, clock.nanos());
  }

  /** Looks up what is to be confirmed. */
  Lookup confirm(String path) {
    return cache.confirm(key(path), RULE);
  }

  /** Looks up, reading from disk if the object is there. */
  Lookup lookThrough(String path) {
    Lookup lookup = look(path);
    if (lookup instanceof Lookup.OnDisk(Lookup.Promotion promotion)) {
      try {
        return promotion.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return lookup;
  }

  Fill miss(String path) {
    Lookup lookup = look(path);
    assertThat(lookup).isInstanceOf(Lookup.Miss.class);
    return ((Lookup.Miss) lookup).fill();
  }

  /** Lets the object be stale: looks it up, releases it and gives the fill to lead. */
  Fill stale(String path) {
    Lookup lookup = lookThrough(path);
    assertThat(lookup).isInstanceOf(Lookup.Stale.class);
    Lookup.Stale stale = (Lookup.Stale) lookup;
    stale.stored().release();
    return stale.fill();
  }

  Settled settle(Fill fill, Fetched fetched) {
    return cache.settle(fill, fetched, RULE);
  }

  /** Stores a body under a path that is not there. */
  void store(String path, byte[] body, String... fields) {
    Settled settled = settle(miss(path), ok(body, fields));
    assertThat(settled).isInstanceOf(Settled.Storing.class);
    ((Settled.Storing) settled).stored().release();
  }

  /** Stores a part of a body under a path that is not there. */
  void storePart(String path, Fetched.Answered part) {
    Settled settled = settle(miss(path), part);
    assertThat(settled).isInstanceOf(Settled.Storing.class);
    ((Settled.Storing) settled).stored().release();
  }

  /** Stores a body and asks for it again, so that even a full disk takes it. */
  void keep(String path, byte[] body, String... fields) {
    store(path, body, fields);
    drain();
    hit(path);
    drain();
  }

  /** Lets go of what was settled. */
  static void release(Settled settled) {
    switch (settled) {
      case Settled.Storing(Stored stored) -> stored.release();
      case Settled.Refreshed(Stored stored) -> stored.release();
      case Settled.Excused(Stored stored) -> stored.release();
      case Settled.NotStored _, Settled.Abandoned _ -> {}
    }
  }

  /** Waits until all that waits to be written is, and all that was read at the start is. */
  void drain() {
    try {
      assertThat(cache.drain(20_000)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the body of a fresh object, and releases it. */
  byte[] hit(String path) {
    Lookup lookup = lookThrough(path);
    assertThat(lookup).isInstanceOf(Lookup.Hit.class);
    return read(((Lookup.Hit) lookup).stored());
  }

  static byte[] read(Stored stored) {
    try {
      return Bodies.bytes(stored.body());
    } finally {
      stored.release();
    }
  }

  void invalidate(String... paths) {
    invalidateUnseen(paths);
    follow();
  }

  /** Invalidates while the edge does not listen. */
  void invalidateUnseen(String... paths) {
    revision++;
    Invalidation made = new Invalidation("I" + revision, "E1", List.of(paths));
    invalidations.add(new Snapshot.Versioned(made, revision));
    unseen.add(entry(made, revision));
  }

  /** Takes all invalidations out of the log; a floor takes their place. */
  void forget() {
    InvalidationFloor floor = new InvalidationFloor("E1", revision);
    invalidations.clear();
    revision++;
    invalidations.add(new Snapshot.Versioned(floor, revision));
    unseen.add(entry(floor, revision));
    follow();
  }

  private void follow() {
    cache.apply(snapshot(), List.copyOf(unseen));
    unseen.clear();
  }

  static Entry entry(Resource value, long revision) {
    return new Entry(
        1, revision, value.kind(), value.id(), Set.of(), Optional.of(value), Chain.EMPTY, true);
  }

  /** Goes on with the configuration of an edge that was closed. */
  void resume(Edge before) {
    revision = before.revision;
    invalidations.addAll(before.invalidations);
    cache.apply(snapshot(), List.of());
  }

  Snapshot snapshot() {
    return Snapshot.of(1, revision, Chain.EMPTY, invalidations);
  }

  /** Ends with every pin back: nothing holds memory once the cache lets go of its own. */
  @Override
  public void close() {
    cache.close();
    assertThat(cache.counters().memoryBytes()).as("bytes still pinned").isZero();
    assertThat(cache.counters().memoryObjects()).isZero();
  }
}
