package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Lookup;
import warmfront.time.ManualClock;

/** Disks that are full, fail or cannot be read. */
final class DiskFaultTest {
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
  void a_full_disk_is_counted_and_the_edge_goes_on() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[1000]);
      edge.drain();
      storage.failWrite = "No space left on device";

      edge.store("/b", new byte[1000]);
      edge.drain();
      edge.store("/c", new byte[1000]); // the disk rests
      edge.drain();

      assertThat(edge.hit("/b")).hasSize(1000); // is offered to the disk again
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);
      assertThat(edge.cache.counters().diskSkips()).isEqualTo(2);
      storage.failWrite = "";
      clock.advance(Duration.ofSeconds(11));
      edge.store("/d", new byte[1000]);
    }
    try (Edge edge = edge()) {
      assertThat(edge.hit("/a")).hasSize(1000);
      assertThat(edge.hit("/b")).hasSize(1000); // written when the edge ended
      assertThat(edge.hit("/d")).hasSize(1000);
      assertThat(edge.cache.counters().quarantined()).isZero();
    }
  }

  @Test
  void a_body_that_does_not_fit_tears_nothing_of_its_segment() {
    try (Edge edge = edge()) {
      edge.store("/a", Bodies.random(100_000, 1));
      edge.drain();
      storage.failWritesOver = 50_000; // its head is written, and the body is not
      edge.store("/b", Bodies.random(100_000, 2));
      edge.drain();
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);

      storage.failWritesOver = Integer.MAX_VALUE;
      clock.advance(Duration.ofSeconds(11));
      edge.store("/c", Bodies.random(100_000, 3));
      edge.drain();
    }
    try (Edge edge = edge()) {
      assertThat(edge.cache.counters().quarantined()).isZero();
      assertThat(edge.hit("/a")).isEqualTo(Bodies.random(100_000, 1));
      assertThat(edge.hit("/c")).isEqualTo(Bodies.random(100_000, 3));
    }
  }

  @Test
  void the_reserve_is_left_free() {
    DiskSpace space = new DiskSpace(directory, 64 << 20, 10_000);
    try (Edge edge = new Edge(limits, List.of(space), _ -> storage, clock)) {
      storage.usable = 10_500;

      edge.store("/a", new byte[5000]);
      edge.drain();

      assertThat(edge.cache.counters().diskSkips()).isEqualTo(1);
      assertThat(edge.cache.counters().diskErrors()).isZero();
    }
  }

  @Test
  void a_segment_whose_fsync_fails_is_given_up() {
    limits = Edge.limits(8 * Edge.MIB, 4096, 10);
    try (Edge edge = edge()) {
      storage.failForce = "Input/output error";
      edge.store("/a", new byte[8000]);
      edge.drain();
      storage.failForce = "";

      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);
      assertThat(edge.cache.counters().diskBytes()).isZero();
      assertThat(edge.hit("/a")).hasSize(8000);
    }
  }

  @Test
  void a_disk_that_fails_again_and_again_is_taken_out_until_its_marker_is_deleted()
      throws IOException {
    try (Edge edge = edge()) {
      for (int i = 0; i < 8; i++) {
        edge.store("/" + i, new byte[1000]);
      }
    }
    try (Edge edge = edge()) {
      storage.failRead = "Input/output error";
      for (int i = 0; i < limits.diskFailuresMax(); i++) {
        ((Lookup.Miss) edge.lookThrough("/" + i)).fill().abandon();
      }
      assertThat(edge.cache.counters().disksOut()).isEqualTo(1);
      storage.failRead = "";
      edge.miss("/7").abandon(); // not even looked for
    }
    try (Edge edge = edge()) {
      edge.miss("/7").abandon();
      edge.store("/new", new byte[10]);
      assertThat(edge.hit("/new")).hasSize(10);
      assertThat(edge.cache.counters().disksOut()).isEqualTo(1);
      assertThat(edge.cache.counters().diskObjects()).isZero();
    }
    Files.delete(directory.resolve(TakenOut.MARKER));
    try (Edge edge = edge()) {
      assertThat(edge.hit("/7")).hasSize(1000);
      assertThat(edge.cache.counters().disksOut()).isZero();
    }
  }

  @Test
  void a_disk_that_cannot_be_marked_is_remembered_elsewhere() throws IOException {
    Path notes = directory.resolve("notes");
    try (Edge edge = noting(notes)) {
      edge.store("/a", new byte[1000]);
    }
    try (Edge edge = noting(notes)) {
      storage.failRead = "Input/output error";
      storage.failWrite = "Input/output error";
      for (int i = 0; i < limits.diskFailuresMax(); i++) {
        edge.store("/" + i, new byte[1000]);
        edge.drain();
        clock.advance(Duration.ofSeconds(11));
      }
      assertThat(edge.cache.counters().disksOut()).isEqualTo(1);
    }
    Files.delete(directory.resolve(TakenOut.MARKER)); // the disk forgot it, and it lists no more
    storage.failRead = "";
    storage.failWrite = "";
    storage.failList = "Input/output error";
    try (Edge edge = noting(notes)) {
      assertThat(edge.cache.counters().disksOut()).isEqualTo(1);
      edge.store("/b", new byte[10]);
      assertThat(edge.hit("/b")).hasSize(10);
    }
    storage.failList = "";
    List<Path> said = Cache.takenOut(notes);
    assertThat(said).hasSize(1);
    assertThat(said.getFirst()).content().contains(directory.toString(), TakenOut.MARKER);

    Files.delete(said.getFirst());
    try (Edge edge = noting(notes)) {
      assertThat(edge.cache.counters().disksOut()).isZero();
      assertThat(edge.hit("/a")).hasSize(1000);
    }
  }

  private Edge noting(Path notes) {
    List<DiskSpace> spaces = List.of(space(256L * Edge.MIB));
    return new Edge(limits, spaces, Optional.of(notes), _ -> storage, clock);
  }

  @Test
  void a_full_disk_is_not_taken_out() {
    try (Edge edge = edge()) {
      storage.failWrite = "No space left on device";
      for (int i = 0; i < 3 * limits.diskFailuresMax(); i++) {
        edge.store("/" + i, new byte[1000]);
        edge.drain();
        clock.advance(Duration.ofSeconds(11));
      }
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(3L * limits.diskFailuresMax());
      assertThat(edge.cache.counters().disksOut()).isZero();
    }
  }

  @Test
  void an_object_that_cannot_be_read_is_a_miss() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[1000]);
    }
    try (Edge edge = edge()) {
      storage.failRead = "Input/output error";

      Lookup lookup = edge.lookThrough("/a");

      ((Lookup.Miss) lookup).fill().abandon();
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);
      edge.miss("/a").abandon();
      storage.failRead = "";
    }
  }

  @Test
  void a_disk_that_cannot_be_listed_begins_empty() {
    storage.failList = "Input/output error";
    try (Edge edge = edge()) {
      edge.miss("/a").abandon();
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);
    }
  }
}
