package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Stored;
import warmfront.time.ManualClock;

/** Time over a restart, with wall clocks that jump meanwhile. */
final class TimeTest {
  private static final String CC = "Cache-Control";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private CacheLimits limits = Edge.limits(16L * Edge.MIB);

  private Edge edge() {
    return new Edge(limits, List.of(new DiskSpace(directory, 8L * Edge.MIB, 0)), clock);
  }

  private static Duration age(Edge edge, String path) {
    Lookup hit = edge.lookThrough(path);
    assertThat(hit).isInstanceOf(Lookup.Hit.class);
    Stored stored = ((Lookup.Hit) hit).stored();
    stored.release();
    return stored.age(edge.clock.nanos());
  }

  @Test
  void an_object_goes_on_ageing_over_a_restart() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[9], CC, "max-age=60");
    }
    clock.advance(Duration.ofSeconds(40));

    try (Edge edge = edge()) {
      assertThat(age(edge, "/a")).isEqualTo(Duration.ofSeconds(40));
      clock.advance(Duration.ofSeconds(20));
      edge.stale("/a").abandon();
    }
  }

  @Test
  void time_goes_on_from_the_last_stop_where_the_wall_clock_went_back() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[9], CC, "max-age=60");
      clock.advance(Duration.ofSeconds(40));
    }
    for (int restart = 1; restart <= 3; restart++) {
      clock.jump(Duration.ofHours(-3));
      try (Edge edge = edge()) {
        assertThat(age(edge, "/a")).isEqualTo(Duration.ofSeconds(35 + 5 * restart));
        edge.keep("/b" + restart, new byte[1], CC, "max-age=60");
        clock.advance(Duration.ofSeconds(5));
      }
    }
    try (Edge edge = edge()) {
      assertThat(age(edge, "/b3")).isEqualTo(Duration.ofSeconds(5));
      clock.advance(Duration.ofSeconds(5));
      edge.stale("/a").abandon(); // it had its minute
    }
  }

  @Test
  void after_a_crash_time_goes_on_from_what_was_noted_and_nothing_is_from_the_future() {
    Edge crashed = edge();
    crashed.store("/a", new byte[9], CC, "max-age=60");
    crashed.drain();
    clock.advance(Duration.ofSeconds(5));
    crashed.store("/b", new byte[9], CC, "max-age=60");
    crashed.drain();
    clock.jump(Duration.ofHours(-3));

    try (Edge edge = edge()) {
      assertThat(age(edge, "/a")).isZero();
      assertThat(age(edge, "/b")).isZero();
      clock.advance(Duration.ofSeconds(60));
      edge.stale("/a").abandon();
      edge.stale("/b").abandon();
    }
    crashed.close();
  }

  @Test
  void a_wall_clock_far_ahead_makes_objects_stale_and_takes_none_away() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[9], CC, "max-age=60", "ETag", "\"1\"");
      edge.store("/b", new byte[9], CC, "max-age=60, stale-if-error=864000", "ETag", "\"1\"");
    }
    clock.jump(Duration.ofHours(50));

    try (Edge edge = edge()) {
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(2);
      Fill fill = edge.stale("/a");
      Edge.release(edge.settle(fill, Edge.status(304, CC, "max-age=60")));
      assertThat(age(edge, "/a")).isZero();
      Edge.release(edge.settle(edge.stale("/b"), Edge.down()));
      assertThat(edge.cache.counters().excuses()).isEqualTo(1);
    }
  }

  @Test
  void a_wall_clock_far_ahead_lets_no_more_of_a_full_disk_go_than_is_needed() {
    limits = Edge.limits(2L * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = edge()) {
      while (edge.cache.counters().diskRefused() == 0) {
        edge.store("/" + edge.cache.counters().stores(), new byte[100_000], CC, "max-age=3600");
        edge.drain();
      }
    }
    clock.jump(Duration.ofHours(50));

    try (Edge edge = edge()) {
      long before = edge.cache.counters().diskObjects();
      for (int i = 0; i < 5; i++) {
        edge.keep("/new" + i, new byte[100_000]);
      }
      assertThat(edge.cache.counters().diskObjects()).isGreaterThan(before - 25);
    }
  }

  @Test
  void a_wall_clock_of_another_century_is_not_believed() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[9], CC, "max-age=60");
      clock.advance(Duration.ofSeconds(40));
    }
    clock.jump(Duration.ofDays(366 * 80));

    try (Edge edge = edge()) {
      assertThat(age(edge, "/a")).isEqualTo(Duration.ofSeconds(40));
    }
  }

  @Test
  void a_damaged_mark_is_passed_over() throws IOException {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[9], CC, "max-age=60");
    }
    Path mark = directory.resolve(TimeMark.NAME);
    byte[] noted = Files.readAllBytes(mark);
    noted[2] ^= 8;
    Files.write(mark, noted);

    try (Edge edge = edge()) {
      assertThat(age(edge, "/a")).isZero();
      Files.write(mark, new byte[3]);
    }
    try (Edge edge = edge()) {
      assertThat(age(edge, "/a")).isZero();
    }
  }
}
