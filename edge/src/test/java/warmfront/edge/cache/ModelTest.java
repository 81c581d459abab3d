package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.time.ManualClock;

/** The cache against a map that does the same the simple way. */
final class ModelTest {
  private static final int KEYS = 12;

  @TempDir Path directory;

  /** An object as the map has it; times in seconds. */
  private static final class Kept {
    final byte[] body;
    final boolean error;
    long freshUntil;
    long excusedUntil;

    Kept(byte[] body, boolean error, long freshUntil) {
      this.body = body;
      this.error = error;
      this.freshUntil = freshUntil;
    }
  }

  /**
   * All that was stored under a path since it was last invalidated; the last is the current one.
   */
  private final Map<String, List<Kept>> model = new HashMap<>();

  private final Map<String, Long> marked = new HashMap<>();
  private long now;

  @Test
  void with_room_for_all_it_does_exactly_what_the_map_does() {
    for (int seed = 0; seed < 20; seed++) {
      model.clear();
      marked.clear();
      now = 0;
      try (Edge edge = new Edge()) {
        run(edge, new Random(seed), true);
      }
    }
  }

  @Test
  void with_little_memory_and_restarts_it_never_serves_what_the_map_does_not_have() {
    ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    CacheLimits limits = Edge.limits(Edge.MIB, Edge.MIB, 10);
    Random random = new Random(77);
    List<DiskSpace> disks =
        List.of(
            new DiskSpace(directory.resolve("0"), 4 << 20, 0),
            new DiskSpace(directory.resolve("1"), 4 << 20, 0));
    Edge before = new Edge();
    before.close();
    for (int restart = 0; restart < 12; restart++) {
      Edge edge = new Edge(limits, disks, clock);
      try (edge) {
        edge.resume(before);
        run(edge, random, false);
      }
      before = edge;
    }
  }

  private void run(Edge edge, Random random, boolean exact) {
    for (int step = 0; step < 600; step++) {
      String path = "/" + random.nextInt(KEYS);
      switch (random.nextInt(12)) {
        case 0 -> advance(edge, random.nextInt(40));
        case 1 -> invalidate(edge, path, random.nextInt(4) == 0);
        default -> request(edge, path, random, exact);
      }
    }
  }

  private void advance(Edge edge, int seconds) {
    edge.clock.advance(Duration.ofSeconds(seconds));
    now += seconds;
  }

  private void invalidate(Edge edge, String path, boolean prefix) {
    edge.invalidate(prefix ? path + "*" : path);
    model.keySet().removeIf(key -> prefix ? key.startsWith(path) : key.equals(path));
  }

  private void request(Edge edge, String path, Random random, boolean exact) {
    Lookup lookup = edge.lookThrough(path);
    if (exact) {
      assertThat(lookup.getClass().getSimpleName()).isEqualTo(expected(path));
    }
    switch (lookup) {
      case Lookup.Hit(Stored stored) -> {
        Kept kept = stored(path, Edge.read(stored), exact);
        assertThat(now).isLessThan(Math.max(kept.freshUntil, kept.excusedUntil));
      }
      case Lookup.Stale(Stored stored, Fill fill) ->
          fetch(edge, fill, path, random, stored(path, Edge.read(stored), exact));
      case Lookup.Miss(Fill fill) -> fetch(edge, fill, path, random, null);
      case Lookup.Pass _ -> {}
      case Lookup.Joined _, Lookup.OnDisk _ -> throw new AssertionError(lookup);
    }
  }

  /**
   * Returns what this body was stored as. One that did not fit, or was not written before a
   * restart, leaves the one before it.
   */
  private Kept stored(String path, byte[] body, boolean exact) {
    List<Kept> all = model.getOrDefault(path, List.of());
    Kept found =
        all.reversed().stream()
            .filter(kept -> Arrays.equals(kept.body, body))
            .findFirst()
            .orElseThrow(() -> new AssertionError("never stored, or invalidated: " + path));
    assertThat(!exact || found == all.getLast()).isTrue();
    return found;
  }

  private String expected(String path) {
    @Nullable Kept kept = model.containsKey(path) ? model.get(path).getLast() : null;
    if (kept != null && now < Math.max(kept.freshUntil, kept.excusedUntil)) {
      return "Hit";
    }
    if (kept != null && !kept.error) {
      return "Stale";
    }
    model.remove(path);
    return now < marked.getOrDefault(path, 0L) ? "Pass" : "Miss";
  }

  private void put(String path, Kept kept) {
    model.computeIfAbsent(path, _ -> new ArrayList<>()).add(kept);
    marked.remove(path);
  }

  private void fetch(Edge edge, Fill fill, String path, Random random, @Nullable Kept stale) {
    int life = 1 + random.nextInt(60);
    switch (random.nextInt(6)) {
      case 0 -> {
        edge.settle(fill, Edge.ok(new byte[1], "Cache-Control", "no-store"));
        marked.put(path, now + 10);
      }
      case 1 -> {
        Edge.release(edge.settle(fill, Edge.status(503)));
        if (stale == null) {
          put(path, new Kept(new byte[0], true, now + 10));
        } else {
          stale.excusedUntil = now + 10;
        }
      }
      case 2 -> {
        if (stale == null) {
          fill.abandon();
        } else {
          Edge.release(edge.settle(fill, Edge.status(304, "Cache-Control", "max-age=" + life)));
          stale.freshUntil = now + life;
          stale.excusedUntil = 0;
        }
      }
      default -> {
        byte[] body = Bodies.random(1 + random.nextInt(150_000), random.nextLong());
        Edge.release(edge.settle(fill, Edge.ok(body, "Cache-Control", "max-age=" + life)));
        put(path, new Kept(body, false, now + life));
      }
    }
  }

  @Test
  void many_threads_on_few_keys_and_little_memory_get_whole_bodies_and_leave_no_pin()
      throws Exception {
    List<DiskSpace> disks = List.of(new DiskSpace(directory, 8 << 20, 0));
    try (Edge edge = new Edge(Edge.limits(2 * Edge.MIB, Edge.MIB, 4), disks);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        Random random = new Random(seed);
        all.add(threads.submit(() -> hammer(edge, random)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void hammer(Edge edge, Random random) {
    for (int i = 0; i < 1500; i++) {
      String path = "/" + random.nextInt(30);
      if (random.nextInt(200) == 0) {
        synchronized (edge) {
          edge.invalidate(path);
        }
      }
      try {
        visit(edge, path, random);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void visit(Edge edge, String path, Random random) throws InterruptedException {
    switch (edge.lookThrough(path)) {
      case Lookup.Hit(Stored stored) -> check(stored);
      case Lookup.Joined(Fill fill) ->
          fill.await(Duration.ofSeconds(20)).ifPresent(ModelTest::checkStored);
      case Lookup.Miss(Fill fill) -> {
        if (random.nextInt(10) == 0) {
          fill.abandon();
        } else {
          int seed = random.nextInt(1_000_000);
          byte[] body = Bodies.random(seed % 90_000, seed);
          checkStored(edge.settle(fill, Edge.ok(body, "X-Seed", "" + seed)));
        }
      }
      case Lookup.Stale(Stored stored, Fill fill) -> {
        check(stored);
        fill.abandon();
      }
      case Lookup.Pass _ -> {}
      case Lookup.OnDisk _ -> throw new AssertionError("read before");
    }
  }

  private static void checkStored(Settled settled) {
    if (settled instanceof Settled.Storing(Stored stored)) {
      check(stored);
    }
  }

  private static void check(Stored stored) {
    int seed = Integer.parseInt(stored.fields().first("X-Seed").orElseThrow());
    assertThat(Edge.read(stored)).isEqualTo(Bodies.random(seed % 90_000, seed));
  }
}
