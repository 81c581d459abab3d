package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;

/** What is fetched before an invalidation is not served after it, however late it is stored. */
final class InvalidationRaceTest {
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2, 2};

  @Test
  void an_object_in_memory_is_missing_from_then_on() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD);
      edge.store("/b", OLD);

      edge.invalidate("/a");

      edge.store("/a", NEW);
      assertThat(edge.hit("/a")).isEqualTo(NEW);
      assertThat(edge.hit("/b")).isEqualTo(OLD);
      assertThat(edge.cache.counters().invalidated()).isEqualTo(1);
    }
  }

  @Test
  void a_fetch_that_began_before_serves_those_who_joined_and_nobody_else() throws Exception {
    try (Edge edge = new Edge()) {
      Fill before = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();

      edge.invalidate("/*");
      Fill after = edge.miss("/a");
      Settled settled = edge.settle(before, Edge.ok(OLD));

      assertThat(Edge.read(((Settled.Storing) settled).stored())).isEqualTo(OLD);
      Settled told = joined.await(Duration.ofSeconds(9)).orElseThrow();
      // whole and let go of by its only reader, or still there: never anything newer
      if (told instanceof Settled.Storing(Stored stored)) {
        assertThat(Edge.read(stored)).isEqualTo(OLD);
      }
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      settled = edge.settle(after, Edge.ok(NEW));
      ((Settled.Storing) settled).stored().release();
      assertThat(edge.hit("/a")).isEqualTo(NEW);
    }
  }

  @Test
  void fetched_before_stored_after_is_not_found() {
    try (Edge edge = new Edge()) {
      Fill before = edge.miss("/a");
      edge.invalidate("/a*");

      Settled settled = edge.settle(before, Edge.ok(OLD));

      ((Settled.Storing) settled).stored().release();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_body_on_its_way_is_cut_off_from_new_viewers() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Settled settled = edge.settle(edge.miss("/a"), Edge.answer(200, Fields.empty(), origin, 1));
      Stored leader = ((Settled.Storing) settled).stored();

      edge.invalidate("/a");
      Fill next = edge.miss("/a");
      origin.give(OLD);
      origin.end();

      assertThat(Edge.read(leader)).isEqualTo(OLD);
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      next.abandon();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_stale_object_that_was_invalidated_is_no_excuse_and_is_not_confirmed() {
    try (Edge edge = new Edge()) {
      edge.store("/a", OLD, "Cache-Control", "max-age=60");
      edge.clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");
      Fill unused = ((Lookup.Joined) edge.look("/a")).fill();

      edge.invalidate("/a");

      assertThat(edge.settle(fill, Edge.down()))
          .isEqualTo(new Settled.NotStored(Settled.Unstorable.ORIGIN_FAILED));
      unused.abandon(); // by one who does not lead: harmless after the end
      edge.miss("/a").abandon();
    }
  }
}
