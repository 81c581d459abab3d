package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;
import warmfront.time.ManualClock;

/** Objects with cache tags, and what becomes of them when one of the tags is invalidated. */
final class TagsTest {
  private static final String TAG = "Cache-Tag";
  private static final String CC = "Cache-Control";
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 2};

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));

  private Edge edge() {
    return new Edge(
        Edge.limits(64L * Edge.MIB), List.of(new DiskSpace(directory, 256L * Edge.MIB, 0)), clock);
  }

  @Test
  void an_object_goes_with_any_of_its_tags_and_others_stay() {
    try (Edge edge = new Edge()) {
      edge.store("/both", OLD, TAG, "Red, blue");
      edge.store("/blue", OLD, TAG, "blue");
      edge.store("/none", OLD);

      edge.invalidate("#RED");

      edge.store("/both", NEW, TAG, "red, blue");
      assertThat(edge.hit("/both")).isEqualTo(NEW);
      assertThat(edge.hit("/blue")).isEqualTo(OLD);
      assertThat(edge.hit("/none")).isEqualTo(OLD);
      assertThat(edge.cache.counters().invalidated()).isEqualTo(1);
    }
  }

  @Test
  void tags_and_paths_go_together() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, TAG, "red");
      edge.store("/b", OLD);
      edge.store("/c", OLD, TAG, "blue");

      edge.invalidate("#red", "/b*");

      edge.miss("/a").abandon();
      edge.miss("/b").abandon();
      assertThat(edge.hit("/c")).isEqualTo(OLD);
    }
  }

  @Test
  void an_error_has_tags_too() {
    try (Edge edge = new Edge()) {
      Settled settled = edge.settle(edge.miss("/a"), Edge.status(404, TAG, "red"));
      ((Settled.Storing) settled).stored().release();
      assertThat(edge.hit("/a")).isEmpty();

      edge.invalidate("#red");

      edge.miss("/a").abandon();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20 << 20})
  void what_a_disk_has_goes_with_its_tags_over_a_restart(int size) {
    byte[] body = Bodies.random(size, 5);
    try (Edge edge = edge()) {
      edge.store("/red", body, TAG, "red");
      edge.store("/blue", body, TAG, "blue");
    }

    try (Edge edge = edge()) {
      assertThat(edge.hit("/blue")).isEqualTo(body);
      edge.invalidate("#red");

      Lookup looked = edge.lookThrough("/red");
      assertThat(looked).isInstanceOf(Lookup.Miss.class);
      ((Lookup.Miss) looked).fill().abandon();
      assertThat(edge.look("/red")).as("it is not read again").isInstanceOf(Lookup.Miss.class);
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(1);
      assertThat(edge.hit("/blue")).isEqualTo(body);
    }
  }

  @Test
  void a_long_object_in_memory_goes_with_its_tags() {
    byte[] body = Bodies.random(3 * Edge.MIB, 6);
    try (Edge edge = new Edge()) {
      edge.store("/red", body, TAG, "red", "ETag", "\"1\"");
      edge.store("/blue", body, TAG, "blue", "ETag", "\"1\"");

      edge.invalidate("#red");

      edge.miss("/red").abandon();
      assertThat(edge.hit("/blue")).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3 << 20})
  void a_fetch_that_began_before_is_for_its_leader_alone(int size) throws Exception {
    byte[] body = Bodies.random(size, 7);
    try (Edge edge = new Edge()) {
      Fill before = edge.miss("/a");
      Fill early = ((Lookup.Joined) edge.look("/a")).fill();

      edge.invalidate("#red");
      Fill late = ((Lookup.Joined) edge.look("/a")).fill(); // nobody knows its tags yet
      Settled settled = edge.settle(before, Edge.ok(body, TAG, "red"));

      assertThat(early.await(Duration.ofSeconds(9))).contains(new Settled.Abandoned());
      assertThat(late.await(Duration.ofSeconds(9))).contains(new Settled.Abandoned());
      assertThat(Edge.read(((Settled.Storing) settled).stored())).isEqualTo(body);
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_fetch_that_began_before_an_invalidation_of_other_tags_is_for_all() throws Exception {
    try (Edge edge = new Edge()) {
      Fill before = edge.miss("/a");
      Fill early = ((Lookup.Joined) edge.look("/a")).fill();

      edge.invalidate("#red");
      Settled settled = edge.settle(before, Edge.ok(OLD, TAG, "blue"));

      Settled told = early.await(Duration.ofSeconds(9)).orElseThrow();
      assertThat(Edge.read(((Settled.Storing) told).stored())).isEqualTo(OLD);
      ((Settled.Storing) settled).stored().release();
      assertThat(edge.hit("/a")).isEqualTo(OLD);
    }
  }

  @Test
  void a_body_on_its_way_is_cut_off_from_new_viewers() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Fields tagged = Fields.of(TAG, "red");
      Settled settled = edge.settle(edge.miss("/a"), Edge.answer(200, tagged, origin, 1));
      Stored leader = ((Settled.Storing) settled).stored();

      edge.invalidate("#red");
      Fill next = edge.miss("/a");
      origin.give(OLD);
      origin.end();

      assertThat(Edge.read(leader)).isEqualTo(OLD);
      next.abandon();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_304_that_names_tags_replaces_them_and_one_that_does_not_leaves_them() throws Exception {
    try (Edge edge = edge()) {
      edge.store("/new", OLD, CC, "max-age=60", TAG, "red");
      edge.store("/same", OLD, CC, "max-age=60", TAG, "red");
      assertThat(edge.cache.drain(20_000)).isTrue();
      clock.advance(Duration.ofSeconds(61));
      confirm(edge, "/new", TAG, "green");
      confirm(edge, "/same");

      edge.invalidate("#red");

      assertThat(edge.hit("/new")).isEqualTo(OLD);
      edge.miss("/same").abandon();
    }
    try (Edge edge = edge()) {
      assertThat(edge.hit("/new")).isEqualTo(OLD);
      edge.invalidate("#green");
      Lookup looked = edge.lookThrough("/new");
      assertThat(looked).isInstanceOf(Lookup.Miss.class);
      ((Lookup.Miss) looked).fill().abandon();
    }
  }

  private static void confirm(Edge edge, String path, String... fields) {
    Settled settled = edge.settle(edge.stale(path), Edge.status(304, fields));
    ((Settled.Refreshed) settled).stored().release();
  }

  @Test
  void a_304_to_a_question_from_before_confirms_nothing() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, CC, "max-age=60", TAG, "red");
      edge.clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");

      edge.invalidate("#red");
      Settled settled = edge.settle(fill, Edge.status(304, CC, "max-age=60"));

      ((Settled.Refreshed) settled).stored().release();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_stale_object_whose_tag_was_invalidated_is_no_excuse() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, CC, "max-age=60", TAG, "red");
      edge.clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");

      edge.invalidate("#red");

      assertThat(edge.settle(fill, Edge.down()))
          .isEqualTo(new Settled.NotStored(Settled.Unstorable.ORIGIN_FAILED));
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_withheld_field_is_read_all_the_same() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, CC, "max-age=60, no-cache=\"cache-tag\"", TAG, "red");
      assertThat(edge.hit("/a")).isEqualTo(OLD);

      edge.invalidate("#red");

      edge.miss("/a").abandon();
    }
  }
}
