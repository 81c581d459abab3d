package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Stored;
import warmfront.time.ManualClock;

/** Disks that take their time, or give nothing at all. */
final class SlowDiskTest {
  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private FaultyStorage storage = new FaultyStorage(Path.of("."));
  private CacheLimits limits = Edge.limits(64 * Edge.MIB);

  @BeforeEach
  void useStorage() {
    storage = new FaultyStorage(directory);
  }

  private Edge edge() {
    return new Edge(limits, List.of(space(256L * Edge.MIB)), _ -> storage, clock);
  }

  private DiskSpace space(long bytes) {
    return new DiskSpace(directory, bytes, 0);
  }

  @Test
  void a_disk_that_hangs_does_not_hold_up_another() throws IOException {
    FaultyStorage hanging = new FaultyStorage(Files.createDirectory(directory.resolve("a")));
    FaultyStorage good = new FaultyStorage(Files.createDirectory(directory.resolve("b")));
    List<DiskSpace> two = List.of(space(256L * Edge.MIB), space(256L * Edge.MIB));
    List<FaultyStorage> storages = List.of(hanging, good);
    try (Edge edge = twoDisks(two, storages)) {
      for (int i = 0; i < 40; i++) {
        edge.store("/" + i, Bodies.random(1000, i));
      }
    }
    limits = Limits.of(limits).readMax(Duration.ofMillis(5)).make();
    try (Edge edge = twoDisks(two, storages)) {
      hanging.readsMayGo = new CountDownLatch(1);
      int hits = 0;
      for (int i = 0; i < 40; i++) {
        switch (edge.lookThrough("/" + i)) {
          case Lookup.Hit(Stored stored) -> {
            assertThat(Edge.read(stored)).isEqualTo(Bodies.random(1000, i));
            hits++;
          }
          case Lookup.Miss(Fill fill) -> fill.abandon();
          case Lookup other -> throw new AssertionError(other);
        }
      }
      assertThat(hits).isPositive().isLessThan(40);
      hanging.readsMayGo.countDown();
    }
  }

  @Test
  void reads_of_a_disk_that_hangs_hold_up_neither_look_ups_nor_reads_of_another() throws Exception {
    FaultyStorage hanging = new FaultyStorage(Files.createDirectory(directory.resolve("a")));
    FaultyStorage good = new FaultyStorage(Files.createDirectory(directory.resolve("b")));
    List<DiskSpace> two = List.of(space(256L * Edge.MIB), space(256L * Edge.MIB));
    List<String> onHanging = new ArrayList<>();
    List<String> onGood = new ArrayList<>();
    try (Edge edge = twoDisks(two, List.of(hanging, good))) {
      for (int i = 0; i < 200; i++) {
        edge.store("/" + i, Bodies.random(1000, i));
        (DiskTier.number(Edge.key("/" + i), 2) == 0 ? onHanging : onGood).add("/" + i);
      }
    }
    limits = Limits.of(limits).readMax(Duration.ofMinutes(10)).make();
    try (Edge edge = twoDisks(two, List.of(hanging, good));
        ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      edge.store("/memory", new byte[9]);
      hanging.readsMayGo = new CountDownLatch(1);
      int most = limits.diskThreads() + limits.diskQueueMax();
      List<Future<?>> waiting = new ArrayList<>();
      for (String path : onHanging.subList(0, most)) {
        Lookup.OnDisk found = (Lookup.OnDisk) edge.look(path);
        waiting.add(viewers.submit(() -> found.promotion().await()));
      }

      for (String path : onGood) {
        assertThat(edge.hit(path)).hasSize(1000);
        assertThat(edge.hit("/memory")).hasSize(9);
      }

      assertThat(waiting).noneMatch(Future::isDone); // all that time the first disk gave nothing
      hanging.readsMayGo.countDown();
      for (Future<?> one : waiting) {
        release((Lookup) one.get());
      }
    }
  }

  private static void release(Lookup lookup) {
    switch (lookup) {
      case Lookup.Hit(Stored stored) -> stored.release();
      case Lookup.Miss(Fill fill) -> fill.abandon();
      case Lookup other -> throw new AssertionError(other);
    }
  }

  private Edge twoDisks(List<DiskSpace> spaces, List<FaultyStorage> storages) {
    Iterator<FaultyStorage> next = storages.iterator();
    return new Edge(limits, spaces, _ -> next.next(), clock);
  }

  @Test
  void a_start_does_not_wait_for_a_slow_disk_and_finds_everything_later() throws Exception {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[1000]);
    }
    CacheLimits waiting = limits;
    limits = Limits.of(limits).startMax(Duration.ofMillis(1)).make();
    storage.readsMayGo = new CountDownLatch(1);
    try (Edge edge = edge()) {
      edge.store("/a", new byte[2000]); // a miss meanwhile; what it stores is the newer one
      edge.store("/b", new byte[3000]);

      storage.readsMayGo.countDown();
      edge.drain();

      assertThat(edge.hit("/a")).hasSize(2000);
    }
    limits = waiting;
    try (Edge edge = edge()) {
      assertThat(edge.hit("/a")).hasSize(2000);
      assertThat(edge.hit("/b")).hasSize(3000);
    }
  }

  @Test
  void a_disk_that_takes_too_long_is_a_miss_and_the_read_counts_later() throws Exception {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[1000]);
    }
    limits = Limits.of(limits).readMax(Duration.ofMillis(20)).threads(1).queueMax(1).make();
    try (Edge edge = edge()) {
      storage.readsMayGo = new CountDownLatch(1);

      Lookup lookup = edge.lookThrough("/a");

      Fill fill = ((Lookup.Miss) lookup).fill();
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      fill.abandon();
      storage.readsMayGo.countDown();
    }
  }
}
