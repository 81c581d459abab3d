package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.Fields;

/** What becomes of an object after its time, with an origin that confirms, fails or refuses. */
final class StaleTest {
  private static final byte[] BODY = {1, 2, 3};
  private static final String CC = "Cache-Control";

  @Test
  void a_confirmed_object_is_fresh_again_with_the_fields_of_the_304() {
    try (Edge edge = new Edge()) {
      edge.store(
          "/a", BODY, CC, "max-age=60", "ETag", "\"1\"", "X-V", "old", "Content-Type", "a/b");
      edge.clock.advance(Duration.ofSeconds(61));

      Fill fill = edge.stale("/a");
      assertThat(fill.stale().orElseThrow().etag()).contains("\"1\"");
      Stored renewed =
          refreshed(
              edge.settle(
                  fill,
                  Edge.status(
                      304, CC, "max-age=90", "X-V", "new", "Content-Type", "x/y", "Age", "5")));

      assertThat(renewed.fields().all("X-V")).containsExactly("new");
      assertThat(renewed.fields().all("Content-Type")).containsExactly("a/b");
      assertThat(renewed.fields().has("Age")).isFalse();
      assertThat(renewed.age(edge.clock.nanos())).isEqualTo(Duration.ofSeconds(5));
      assertThat(renewed.freshFor()).isEqualTo(Duration.ofSeconds(85));
      assertThat(Edge.read(renewed)).isEqualTo(BODY);
      edge.clock.advance(Duration.ofSeconds(84));
      assertThat(edge.hit("/a")).isEqualTo(BODY);
    }
  }

  @Test
  void others_join_the_one_who_asks() throws Exception {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();

      refreshed(edge.settle(fill, Edge.status(304))).release();

      Settled told = joined.await(Duration.ofSeconds(9)).orElseThrow();
      assertThat(Edge.read(refreshed(told))).isEqualTo(BODY);
    }
  }

  @Test
  void a_new_body_takes_the_place_of_the_stale_one() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));

      stored(edge.settle(edge.stale("/a"), Edge.ok(new byte[] {9}))).release();

      assertThat(edge.hit("/a")).containsExactly(9);
      assertThat(edge.cache.counters().memoryObjects()).isEqualTo(1);
    }
  }

  @Test
  void a_new_body_that_breaks_off_leaves_the_stale_one() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      Tap origin = new Tap();
      Fill fill = edge.stale("/a");
      Stored broken = stored(edge.settle(fill, Edge.answer(200, Fields.empty(), origin, 9)));

      origin.breakOff("reset");
      broken.release();

      Stored excused = excused(edge.settle(edge.stale("/a"), Edge.down()));
      assertThat(Edge.read(excused)).isEqualTo(BODY);
    }
  }

  @Test
  void a_failing_origin_is_excused_for_the_error_time_then_asked_again() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      for (Fetched failure : new Fetched[] {Edge.status(503), Edge.down(), Edge.status(500)}) {
        assertThat(Edge.read(excused(edge.settle(edge.stale("/a"), failure)))).isEqualTo(BODY);
        edge.clock.advance(Duration.ofSeconds(9));
        assertThat(edge.hit("/a")).isEqualTo(BODY);
        edge.clock.advance(Duration.ofSeconds(1));
      }
      assertThat(edge.cache.counters().excuses()).isEqualTo(3);
    }
  }

  @Test
  void a_4xx_is_passed_through_and_kept_as_an_error() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));

      Stored gone = stored(edge.settle(edge.stale("/a"), Edge.status(404)));

      assertThat(gone.status()).isEqualTo(404);
      gone.release();
      edge.clock.advance(Duration.ofSeconds(9));
      assertThat(edge.hit("/a")).isEmpty();
      edge.clock.advance(Duration.ofSeconds(1));
      edge.miss("/a").abandon();
    }
  }

  @Test
  void nothing_is_excused_where_the_origin_forbids_it_or_max_ttl_is_over() {
    try (Edge edge = new Edge()) {
      edge.store("/zero", BODY, CC, "max-age=60, stale-if-error=0");
      edge.store("/must", BODY, CC, "max-age=60, must-revalidate");
      edge.store("/some", BODY, CC, "max-age=60, stale-if-error=30");
      edge.store("/max", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      Settled failed = new Settled.NotStored(Settled.Unstorable.ORIGIN_FAILED);

      assertThat(edge.settle(edge.stale("/zero"), Edge.down())).isEqualTo(failed);
      assertThat(edge.settle(edge.stale("/must"), Edge.down())).isEqualTo(failed);
      excused(edge.settle(edge.stale("/some"), Edge.down())).release();
      edge.clock.advance(Duration.ofSeconds(30));
      assertThat(edge.settle(edge.stale("/some"), Edge.down())).isEqualTo(failed);
      edge.clock.advance(Duration.ofDays(365));
      assertThat(edge.settle(edge.stale("/max"), Edge.down())).isEqualTo(failed);
      Settled error = edge.settle(edge.stale("/max"), Edge.status(500));
      assertThat(stored(error).status()).isEqualTo(500);
      stored(error).release();
    }
  }

  @Test
  void no_cache_is_kept_and_asked_for_by_each_request_for_itself() {
    try (Edge edge = new Edge()) {
      Fill fill = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();
      stored(edge.settle(fill, Edge.ok(BODY, CC, "no-cache", "ETag", "\"1\""))).release();

      assertThat(awaited(joined))
          .isEqualTo(new Settled.NotStored(Settled.Unstorable.CACHE_CONTROL));
      Fill one = edge.stale("/a");
      Fill two = edge.stale("/a");
      refreshed(edge.settle(one, Edge.status(304))).release();
      assertThat(Edge.read(excused(edge.settle(two, Edge.down())))).isEqualTo(BODY);
    }
  }

  @Test
  void what_varies_by_anything_is_fetched_for_each_request_and_stands_in_for_a_dead_origin() {
    try (Edge edge = new Edge()) {
      Settled settled = edge.settle(edge.miss("/a"), Edge.ok(BODY, "Vary", "*"));
      stored(settled).release();
      Fill one = edge.stale("/a");
      Fill two = edge.stale("/a");
      byte[] next = {7, 7};

      stored(edge.settle(one, Edge.ok(next, "Vary", "*"))).release();
      assertThat(Edge.read(excused(edge.settle(two, Edge.down())))).isEqualTo(BODY);
      assertThat(Edge.read(excused(edge.settle(edge.stale("/a"), Edge.down())))).isEqualTo(next);
    }
  }

  @Test
  void min_ttl_overrides_no_store() {
    TtlRule rule =
        new TtlRule(
            Duration.ofSeconds(20),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Map.of(),
            Optional.empty(),
            true);
    try (Edge edge = new Edge()) {
      stored(edge.cache.settle(edge.miss("/a"), Edge.ok(BODY, CC, "no-store"), rule)).release();

      edge.clock.advance(Duration.ofSeconds(19));
      assertThat(edge.hit("/a")).isEqualTo(BODY);
      edge.clock.advance(Duration.ofSeconds(1));
      edge.stale("/a").abandon();
    }
  }

  @Test
  void while_one_asks_in_the_background_others_get_the_stale_object() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60, stale-while-revalidate=30");
      edge.clock.advance(Duration.ofSeconds(61));

      Fill fill = edge.stale("/a");

      assertThat(fill.mayServeStale()).isTrue();
      assertThat(edge.hit("/a")).isEqualTo(BODY);
      edge.clock.advance(Duration.ofSeconds(30));
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      fill.abandon();
      Fill late = edge.stale("/a");
      assertThat(late.mayServeStale()).isFalse();
      late.abandon();
    }
  }

  @Test
  void a_marked_key_still_asks_with_its_stale_object() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      edge.settle(edge.stale("/a"), Edge.ok(BODY, CC, "no-store"));

      Fill one = edge.stale("/a");
      Fill two = edge.stale("/a");

      excused(edge.settle(one, Edge.down())).release();
      two.abandon();
    }
  }

  @Test
  void withheld_fields_reach_the_first_viewer_alone() {
    try (Edge edge = new Edge()) {
      Settled settled =
          edge.settle(
              edge.miss("/a"),
              Edge.ok(BODY, CC, "no-cache=\"Set-Cookie\"", "Set-Cookie", "me=1", "X", "y"));

      assertThat(stored(settled).fields().value("Set-Cookie")).isEqualTo("me=1");
      stored(settled).release();
      Stored other = ((Lookup.Hit) edge.look("/a")).stored();
      assertThat(other.fields().has("Set-Cookie")).isFalse();
      assertThat(other.fields().value("X")).isEqualTo("y");
      other.release();
    }
  }

  @Test
  void a_wall_clock_that_jumps_expires_nothing_and_keeps_nothing() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60");

      edge.clock.jump(Duration.ofHours(5));
      assertThat(edge.hit("/a")).isEqualTo(BODY);
      edge.clock.jump(Duration.ofHours(-50));
      assertThat(edge.hit("/a")).isEqualTo(BODY);
      edge.clock.advance(Duration.ofSeconds(60));

      edge.stale("/a").abandon();
    }
  }

  @Test
  void what_must_be_confirmed_is_stale_however_fresh_it_is_and_excuses_no_failure() {
    try (Edge edge = new Edge()) {
      edge.store("/a", BODY, CC, "max-age=60, stale-while-revalidate=60");

      Lookup.Stale first = confirmed(edge.confirm("/a"));
      assertThat(first.fill().mayServeStale()).isFalse();
      first.stored().release();
      assertThat(edge.hit("/a")).as("for others it is fresh").isEqualTo(BODY);
      assertThat(edge.confirm("/a")).isInstanceOf(Lookup.Joined.class);
      refreshed(edge.settle(first.fill(), Edge.status(304, CC, "max-age=60"))).release();

      Lookup.Stale second = confirmed(edge.confirm("/a"));
      second.stored().release();
      Settled failed = edge.settle(second.fill(), Edge.status(503));
      assertThat(failed).isNotInstanceOf(Settled.Excused.class);
    }
  }

  private static Lookup.Stale confirmed(Lookup lookup) {
    assertThat(lookup).isInstanceOf(Lookup.Stale.class);
    return (Lookup.Stale) lookup;
  }

  private static Settled awaited(Fill fill) {
    try {
      return fill.await(Duration.ofSeconds(9)).orElseThrow();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Stored stored(Settled settled) {
    assertThat(settled).isInstanceOf(Settled.Storing.class);
    return ((Settled.Storing) settled).stored();
  }

  private static Stored refreshed(Settled settled) {
    assertThat(settled).isInstanceOf(Settled.Refreshed.class);
    return ((Settled.Refreshed) settled).stored();
  }

  private static Stored excused(Settled settled) {
    assertThat(settled).isInstanceOf(Settled.Excused.class);
    return ((Settled.Excused) settled).stored();
  }
}
