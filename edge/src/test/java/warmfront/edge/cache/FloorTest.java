package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.time.ManualClock;

/** Invalidations that have left the log: what they may have named is not served unconfirmed. */
final class FloorTest {
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 2};

  @TempDir Path directory;

  @Test
  void an_object_from_before_the_floor_is_confirmed_once() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, "ETag", "\"1\"");
      edge.invalidate("/b");
      edge.store("/c", OLD);

      edge.forget();

      assertThat(edge.hit("/c")).isEqualTo(OLD);
      Fill fill = edge.stale("/a");
      assertThat(fill.mayServeStale()).isFalse();
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      Settled settled = edge.settle(fill, Edge.status(304, "ETag", "\"1\""));
      ((Settled.Refreshed) settled).stored().release();
      assertThat(edge.hit("/a")).isEqualTo(OLD);
    }
  }

  @Test
  void it_is_no_excuse_for_an_origin_that_is_down() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, "Cache-Control", "max-age=60, stale-if-error=600");
      edge.invalidate("/b");

      edge.forget();

      Settled settled = edge.settle(edge.stale("/a"), Edge.down());
      assertThat(settled).isInstanceOf(Settled.NotStored.class);
    }
  }

  @Test
  void a_stored_error_from_before_the_floor_is_dropped() {
    try (Edge edge = new Edge()) {
      Settled settled = edge.settle(edge.miss("/a"), Edge.status(404));
      ((Settled.Storing) settled).stored().release();
      edge.invalidate("/b");

      edge.forget();

      edge.miss("/a").abandon();
    }
  }

  @Test
  void an_edge_that_missed_an_invalidation_does_not_serve_what_its_disk_has() throws Exception {
    ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    List<DiskSpace> disks = List.of(new DiskSpace(directory, 64L * Edge.MIB, 0));
    try (Edge edge = new Edge(Edge.limits(16 * Edge.MIB), disks, clock)) {
      edge.store("/a", OLD, "ETag", "\"1\"");
      assertThat(edge.cache.drain(5_000)).isTrue();
    }

    try (Edge back = new Edge(Edge.limits(16 * Edge.MIB), disks, clock)) {
      clock.advance(Duration.ofHours(1));
      back.invalidateUnseen("/a");
      back.forget();

      Settled settled = back.settle(back.stale("/a"), Edge.ok(NEW));
      ((Settled.Storing) settled).stored().release();
      assertThat(back.hit("/a")).isEqualTo(NEW);
    }
  }
}
