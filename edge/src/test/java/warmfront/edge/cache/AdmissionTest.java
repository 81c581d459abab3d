package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.time.ManualClock;

/** What is written to a disk, and what leaves it first. */
final class AdmissionTest {
  private static final String CC = "Cache-Control";
  private static final int SIZE = 300_000;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private FaultyStorage storage = new FaultyStorage(Path.of("."));
  private CacheLimits limits = Edge.limits(8L * Edge.MIB, Edge.MIB, 10);

  @BeforeEach
  void useStorage() {
    storage = new FaultyStorage(directory);
  }

  private Edge edge(int mib) {
    DiskSpace space = new DiskSpace(directory, (long) mib * Edge.MIB, 0);
    return new Edge(limits, List.of(space), _ -> storage, clock);
  }

  /** Fills a disk with objects that are asked for once; returns how many there are. */
  private static int fill(Edge edge, String prefix, String... fields) {
    int stored = 0;
    while (edge.cache.counters().diskRefused() == 0) {
      edge.store(prefix + stored, Bodies.random(SIZE, stored), fields);
      edge.drain();
      stored++;
    }
    return stored;
  }

  /** Pushes everything else out of memory. */
  private static void flood(Edge edge, String prefix) {
    for (int i = 0; i < 30; i++) {
      edge.store(prefix + i, new byte[SIZE]);
      edge.drain();
    }
  }

  @Test
  void a_disk_is_filled_with_everything_and_a_full_one_takes_nothing_that_is_asked_for_once() {
    try (Edge edge = edge(4)) {
      int stored = fill(edge, "/");
      CacheCounters full = edge.cache.counters();
      assertThat(full.diskWrites()).isEqualTo(stored - 1);
      assertThat(full.diskBytes()).isGreaterThan(4L * Edge.MIB - 2 * SIZE);

      flood(edge, "/once");

      CacheCounters counters = edge.cache.counters();
      assertThat(counters.diskWrites()).isEqualTo(full.diskWrites());
      assertThat(counters.diskRefused()).isEqualTo(31);
      assertThat(counters.diskAdmitted()).isZero();
    }
  }

  @Test
  void a_full_disk_takes_what_is_fetched_twice_and_goes_on_being_full() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(4)) {
      fill(edge, "/");
      edge.store("/a", Bodies.random(SIZE, 1));
      for (int i = 0; i < 10; i++) {
        edge.store("/once" + i, new byte[SIZE]);
      }

      edge.store("/a", Bodies.random(SIZE, 1));
      flood(edge, "/more");

      assertThat(edge.cache.counters().diskAdmitted()).isEqualTo(1);
      assertThat(edge.cache.counters().diskRefused()).isEqualTo(1 + 1 + 10 + 30);
    }
    try (Edge edge = edge(4)) {
      assertThat(edge.hit("/a")).isEqualTo(Bodies.random(SIZE, 1));
    }
  }

  @Test
  void a_full_disk_takes_what_is_asked_for_again_while_it_is_in_memory() {
    try (Edge edge = edge(4)) {
      fill(edge, "/");
      edge.store("/a", Bodies.random(SIZE, 1));
      long before = edge.cache.counters().diskWrites();

      edge.hit("/a");
      edge.hit("/a");
      edge.drain();

      assertThat(edge.cache.counters().diskWrites()).isEqualTo(before + 1);
      assertThat(edge.cache.counters().diskAdmitted()).isEqualTo(1);
    }
  }

  @Test
  void a_long_object_is_written_to_a_full_disk_once_it_is_asked_for_again() {
    byte[] body = Bodies.random(3 * Edge.MIB + 5, 1);
    try (Edge edge = edge(8)) {
      fill(edge, "/");
      edge.store("/long", body, "ETag", "\"1\"");
      edge.drain();
      long before = edge.cache.counters().diskWrites();

      assertThat(edge.hit("/long")).isEqualTo(body);
      edge.drain();

      assertThat(edge.cache.counters().diskWrites()).isEqualTo(before + 4);
    }
    try (Edge edge = edge(8)) {
      assertThat(edge.hit("/long")).isEqualTo(body);
    }
  }

  @Test
  void what_the_disk_did_not_take_is_written_before_it_leaves_memory() {
    try (Edge edge = edge(64)) {
      storeWhileTheDiskRests(edge, 1);

      flood(edge, "/once");

      edge.drain();
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(1 + 30);
    }
  }

  @Test
  void memory_is_made_free_though_the_disk_takes_nothing() {
    try (Edge edge = edge(64)) {
      storage.failWrite = "Input/output error";
      flood(edge, "/once");
      assertThat(edge.cache.counters().evictions()).isPositive();
      storage.failWrite = "";
    }
  }

  @Test
  void what_is_in_memory_alone_is_written_at_the_end() {
    try (Edge edge = edge(64)) {
      storeWhileTheDiskRests(edge, 10);
    }
    try (Edge edge = edge(64)) {
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(10);
      assertThat(edge.hit("/a7")).isEqualTo(Bodies.random(SIZE, 7));
    }
  }

  @Test
  void an_end_takes_as_long_as_it_may_and_begins_with_what_was_asked_for_most() {
    limits = Limits.of(limits).closeMax(Duration.ofSeconds(2)).make();
    try (Edge edge = edge(64)) {
      storeWhileTheDiskRests(edge, 20);
      storage.failWrite = "No space left on device";
      edge.hit("/a13");
      edge.drain();
      clock.advance(Duration.ofSeconds(11));
      storage.failWrite = "";
      storage.beforeWrite = () -> clock.advance(Duration.ofSeconds(1));
    }
    storage.beforeWrite = () -> {};
    try (Edge edge = edge(64)) {
      assertThat(edge.cache.counters().diskObjects()).isBetween(1L, 10L);
      assertThat(edge.hit("/a13")).isEqualTo(Bodies.random(SIZE, 13));
    }
  }

  private void storeWhileTheDiskRests(Edge edge, int count) {
    storage.failWrite = "No space left on device";
    for (int i = 0; i < count; i++) {
      edge.store("/a" + i, Bodies.random(SIZE, i));
      edge.drain();
    }
    storage.failWrite = "";
    clock.advance(Duration.ofSeconds(11));
  }

  @Test
  void a_segment_of_expired_objects_goes_before_an_older_one_that_lives() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(8)) {
      for (int i = 0; i < 8; i++) {
        edge.store("/old" + i, Bodies.random(SIZE, i));
        edge.drain();
      }
      fill(edge, "/short", CC, "max-age=60");
      clock.advance(Duration.ofSeconds(60));

      edge.store("/told", new byte[SIZE]); // is refused; what has expired goes meanwhile
      edge.drain();
      long refused = edge.cache.counters().diskRefused();
      for (int i = 0; i < 9; i++) {
        edge.store("/new" + i, Bodies.random(SIZE, 100 + i));
        edge.drain();
        clock.advance(Duration.ofSeconds(1));
      }

      assertThat(edge.cache.counters().diskRefused()).isEqualTo(refused);
      for (int i = 0; i < 8; i++) {
        assertThat(edge.hit("/old" + i)).isEqualTo(Bodies.random(SIZE, i));
      }
      assertThat(edge.hit("/new0")).isEqualTo(Bodies.random(SIZE, 100));
    }
  }

  @Test
  void a_segment_of_which_most_was_taken_out_goes_and_what_lives_in_it_goes_on() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(8)) {
      for (int i = 0; i < 4; i++) {
        edge.store("/old" + i, Bodies.random(SIZE, i));
        edge.drain();
      }
      edge.store("/small", Bodies.random(20_000, 2));
      for (int i = 0; i < 3; i++) {
        edge.store("/gone" + i, new byte[400_000]);
        edge.drain();
      }
      fill(edge, "/");
      edge.invalidate("/gone*");
      for (int i = 0; i < 3; i++) {
        edge.miss("/gone" + i).abandon();
      }
      clock.advance(Duration.ofSeconds(2));

      for (int i = 0; i < 3; i++) {
        edge.keep("/new" + i, Bodies.random(SIZE, 100 + i));
      }

      assertThat(edge.hit("/old0")).isEqualTo(Bodies.random(SIZE, 0));
      assertThat(edge.hit("/small")).isEqualTo(Bodies.random(20_000, 2));
    }
  }

  @Test
  void what_has_to_be_confirmed_each_time_does_not_count_as_expired() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(8)) {
      fill(edge, "/", CC, "no-cache", "ETag", "\"1\"");
      long objects = edge.cache.counters().diskObjects();
      clock.advance(Duration.ofHours(2));

      edge.store("/a", new byte[SIZE]);
      edge.drain();
      edge.store("/b", new byte[SIZE]);
      edge.drain();

      assertThat(edge.cache.counters().diskRefused()).isEqualTo(3);
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(objects);
    }
  }

  @Test
  void what_was_used_and_has_expired_does_not_go_on() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(8)) {
      edge.store("/used", Bodies.random(SIZE, 1), CC, "max-age=60", "ETag", "\"1\"");
      edge.store("/kept", Bodies.random(SIZE, 2));
      fill(edge, "/");
      assertThat(edge.hit("/used")).hasSize(SIZE);
      assertThat(edge.hit("/kept")).hasSize(SIZE);
      clock.advance(Duration.ofSeconds(60));

      for (int i = 0; i < 12; i++) {
        edge.keep("/new" + i, new byte[SIZE]);
      }

      assertThat(edge.hit("/kept")).isEqualTo(Bodies.random(SIZE, 2));
      Fill fill = edge.miss("/used");
      fill.abandon();
    }
  }

  @Test
  void a_confirmed_object_goes_on_with_its_newer_head() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge(8)) {
      edge.store("/a", Bodies.random(SIZE, 1), CC, "max-age=60", "ETag", "\"1\"");
      edge.drain();
      clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");
      Edge.release(edge.settle(fill, Edge.status(304, CC, "max-age=86400")));
      fill(edge, "/");
      assertThat(edge.hit("/a")).hasSize(SIZE); // from disk: used

      for (int i = 0; i < 12; i++) {
        edge.keep("/new" + i, new byte[SIZE]);
      }

      assertThat(edge.cache.peek(Edge.key("/a"))).isNull();
      Lookup there = edge.lookThrough("/a");
      assertThat(there).isInstanceOf(Lookup.Hit.class);
      assertThat(Edge.read(((Lookup.Hit) there).stored())).isEqualTo(Bodies.random(SIZE, 1));
    }
  }
}
