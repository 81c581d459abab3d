package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.edge.step.Body;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.ByteRange;
import warmfront.http.Fields;

/** One fetch for many: who waits, who reads along, and what happens when someone leaves. */
final class CollapseTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void two_hundred_simultaneous_requests_make_one_fetch() throws Exception {
    byte[] body = Bodies.random(300_000, 1);
    AtomicInteger fetches = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    try (Edge edge = new Edge();
        ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(
            viewers.submit(() -> {
              start.await();
              return view(edge, fetches, body);
            }));
      }

      start.countDown();

      for (Future<byte[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(body);
      }
      assertThat(fetches).hasValue(1);
      assertThat(edge.cache.counters().fills()).isEqualTo(1);
      assertThat(edge.cache.counters().joins() + edge.cache.counters().hits()).isEqualTo(199);
    }
  }

  private static byte[] view(Edge edge, AtomicInteger fetches, byte[] body) throws Exception {
    return switch (edge.look("/a")) {
      case Lookup.Hit(Stored stored) -> Edge.read(stored);
      case Lookup.Joined(Fill fill) -> {
        Settled settled = fill.await(LONG).orElseThrow();
        yield Edge.read(((Settled.Storing) settled).stored());
      }
      case Lookup.Miss(Fill fill) -> {
        fetches.incrementAndGet();
        Tap origin = new Tap();
        Settled settled = edge.settle(fill, Edge.answer(200, Fields.empty(), origin, body.length));
        for (int at = 0; at < body.length; at += 10_000) {
          origin.give(Arrays.copyOfRange(body, at, at + 10_000));
        }
        origin.end();
        yield Edge.read(((Settled.Storing) settled).stored());
      }
      case Lookup.OnDisk _, Lookup.Stale _, Lookup.Pass _ -> throw new AssertionError("not here");
    };
  }

  @Test
  void bytes_reach_every_reader_while_they_come() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 6);
      Stored follower = ((Lookup.Hit) edge.look("/a")).stored();
      CompletableFuture<byte[]> first = Bodies.begin(flow(leader.body()).flow());
      CompletableFuture<byte[]> second =
          Bodies.begin(flow(follower.body(new ByteRange(2, 4))).flow());

      origin.give(new byte[] {1, 2, 3});
      assertThat(first).isNotDone();
      origin.give(new byte[] {4, 5, 6});

      assertThat(second.join()).containsExactly(3, 4, 5);
      origin.end();
      assertThat(first.join()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(follower.length()).isEqualTo(6);
      leader.release();
      follower.release();
      assertThat(edge.hit("/a")).hasSize(6);
    }
  }

  @Test
  void a_slow_reader_delays_neither_the_fetch_nor_the_others() {
    byte[] body = Bodies.random(3 * Edge.MIB, 2);
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored slow = storing(edge, origin, body.length);
      Body.Flowing unread = flow(slow.body());
      Stored fast = ((Lookup.Hit) edge.look("/a")).stored();
      CompletableFuture<byte[]> read = Bodies.begin(flow(fast.body()).flow());

      origin.give(body);
      origin.end();

      assertThat(read.join()).isEqualTo(body);
      assertThat(edge.hit("/a")).isEqualTo(body);
      assertThat(Bodies.bytes(unread.flow())).isEqualTo(body);
      slow.release();
      fast.release();
    }
  }

  @Test
  void the_first_viewer_may_leave() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 4 * Edge.MIB);
      Body.Flowing left = flow(leader.body());
      Stored other = ((Lookup.Hit) edge.look("/a")).stored();
      CompletableFuture<byte[]> read = Bodies.begin(flow(other.body()).flow());
      origin.give(new byte[Edge.MIB]);

      left.flow().cancel();
      leader.release();

      origin.give(new byte[3 * Edge.MIB]);
      origin.end();
      assertThat(read.join()).hasSize(4 * Edge.MIB);
      other.release();
    }
  }

  @Test
  void with_nobody_left_a_body_is_finished_if_little_is_missing() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 3_000_000);
      origin.give(new byte[2_500_000]);

      leader.release();
      origin.give(new byte[500_000]);
      origin.end();

      assertThat(origin.isCancelled()).isFalse();
      assertThat(edge.hit("/a")).hasSize(3_000_000);
    }
  }

  @Test
  void with_nobody_left_a_body_is_given_up_if_much_is_missing() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 5_000_000);
      origin.give(new byte[1000]);

      leader.release();
      origin.give(new byte[1000]);

      assertThat(origin.isCancelled()).isTrue();
      edge.miss("/a").abandon();
      assertThat(edge.cache.counters().brokenOff()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"1048576, false", "1048577, true"})
  void with_nobody_left_the_limit_is_what_is_still_missing(int missing, boolean givenUp) {
    try (Edge edge = new Edge()) { // its limit is 1 MiB
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 3 * Edge.MIB);
      origin.give(new byte[1000]);

      leader.release();
      origin.give(new byte[3 * Edge.MIB - 1000 - missing]);

      assertThat(origin.isCancelled()).isEqualTo(givenUp);
      if (!givenUp) {
        origin.give(new byte[missing]);
        origin.end();
        assertThat(edge.hit("/a")).hasSize(3 * Edge.MIB);
      }
    }
  }

  @Test
  void with_nobody_left_a_body_without_a_length_is_finished_if_it_is_short() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, -1);
      origin.give(new byte[1000]);

      leader.release();
      origin.give(new byte[Edge.MIB - 1000]);
      origin.end();

      assertThat(origin.isCancelled()).isFalse();
      assertThat(edge.hit("/a")).hasSize(Edge.MIB);
    }
  }

  @Test
  void with_nobody_left_a_body_without_an_end_is_given_up() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, -1);
      origin.give(new byte[1000]);

      leader.release();
      origin.give(new byte[Edge.MIB - 1000]);
      assertThat(origin.isCancelled()).isFalse();
      origin.give(new byte[1]);

      assertThat(origin.isCancelled()).isTrue();
      assertThat(origin.out()).isZero();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void one_who_comes_before_it_is_given_up_gets_the_whole() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, 5 * Edge.MIB);
      origin.give(new byte[1000]);

      leader.release();
      Stored late = ((Lookup.Hit) edge.look("/a")).stored();
      CompletableFuture<byte[]> read = Bodies.begin(flow(late.body()).flow());
      origin.give(new byte[5 * Edge.MIB - 1000]);
      origin.end();

      assertThat(read.join()).hasSize(5 * Edge.MIB);
      late.release();
    }
  }

  @Test
  void a_body_that_breaks_off_is_delivered_broken_and_not_stored() {
    try (Edge edge = new Edge()) {
      for (int way = 0; way < 3; way++) {
        Tap origin = new Tap();
        Stored leader = storing(edge, origin, 10);
        CompletableFuture<byte[]> read = Bodies.begin(flow(leader.body()).flow());
        origin.give(new byte[4]);

        switch (way) {
          case 0 -> origin.end(); // fewer bytes than Content-Length
          case 1 -> origin.give(new byte[7]); // more of them
          default -> origin.breakOff("reset");
        }

        assertThatThrownBy(read::join).hasCauseInstanceOf(Bodies.Broken.class);
        leader.release();
        assertThat(origin.out()).isZero();
      }
      edge.miss("/a").abandon();
      assertThat(edge.cache.counters().brokenOff()).isEqualTo(3);
      assertThat(edge.cache.keys()).isZero();
    }
  }

  @Test
  void a_whole_body_without_a_length_is_stored_in_one_piece_if_it_fits() {
    byte[] body = Bodies.random(100_000, 3);
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, -1);
      assertThat(leader.length()).isEqualTo(-1);
      CompletableFuture<byte[]> read = Bodies.begin(flow(leader.body()).flow());

      origin.give(body);
      origin.end();

      assertThat(read.join()).isEqualTo(body);
      assertThat(leader.length()).isEqualTo(body.length);
      Body whole = leader.body();
      assertThat(whole).isInstanceOf(Body.Pinned.class);
      assertThat(Bodies.bytes(whole)).isEqualTo(body);
      leader.release();
      assertThat(edge.hit("/a")).isEqualTo(body);
    }
  }

  @Test
  void a_body_too_long_to_keep_is_passed_on_through_a_window() {
    byte[] body = Bodies.random(6 * Edge.MIB, 4);
    try (Edge edge = new Edge(Edge.limits(8 * Edge.MIB), List.of())) {
      Tap origin = new Tap();
      Stored leader = storing(edge, origin, -1);
      Body.Flowing reading = flow(leader.body());
      for (int at = 0; at < body.length; at += 64 << 10) {
        origin.give(Arrays.copyOfRange(body, at, at + (64 << 10)));
      }
      origin.end();

      // 4 MiB are gathered, then a window of 256 KiB more: the reader has read nothing yet
      assertThat(origin.asked()).isBetween(64, 70);
      assertThat(edge.look("/a")).isEqualTo(new Lookup.Pass(Lookup.Passing.HIT_FOR_MISS));
      assertThat(Bodies.bytes(reading.flow())).isEqualTo(body);
      leader.release();
      assertThat(origin.out()).isZero();
    }
  }

  @Test
  void a_length_too_long_to_keep_is_left_to_the_leader() {
    try (Edge edge = new Edge()) {
      Tap origin = new Tap();

      Settled settled =
          edge.settle(edge.miss("/a"), Edge.answer(200, Fields.empty(), origin, 9L * Edge.MIB));

      assertThat(settled).isEqualTo(new Settled.NotStored(Settled.Unstorable.TOO_LARGE));
      assertThat(origin.asked()).isZero();
    }
  }

  @Test
  void memory_that_is_all_held_passes_bodies_on() {
    try (Edge edge = new Edge(Edge.limits(2 * Edge.MIB), List.of())) {
      List<Stored> held = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        edge.store("/" + i, Bodies.random(Edge.MIB, i));
        held.add(((Lookup.Hit) edge.look("/" + i)).stored());
      }
      byte[] body = Bodies.random(500_000, 9);

      Settled settled = edge.settle(edge.miss("/a"), Edge.ok(body));

      assertThat(Edge.read(((Settled.Storing) settled).stored())).isEqualTo(body);
      assertThat(edge.look("/a")).isEqualTo(new Lookup.Pass(Lookup.Passing.HIT_FOR_MISS));
      held.forEach(Stored::release);
    }
  }

  @Test
  void what_cannot_be_stored_does_not_make_others_wait() throws Exception {
    try (Edge edge = new Edge()) {
      Fill fill = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();

      edge.settle(fill, Edge.ok(new byte[1], "Cache-Control", "private"));

      Settled expected = new Settled.NotStored(Settled.Unstorable.CACHE_CONTROL);
      assertThat(joined.await(LONG)).contains(expected);
      assertThat(edge.look("/a")).isEqualTo(new Lookup.Pass(Lookup.Passing.HIT_FOR_MISS));
      edge.clock.advance(Duration.ofSeconds(11));
      edge.miss("/a").abandon();
    }
  }

  @Test
  void marks_are_bounded_in_number() {
    try (Edge edge = new Edge()) {
      for (int i = 0; i < 1000; i++) {
        edge.settle(edge.miss("/" + i), Edge.ok(new byte[1], "Cache-Control", "no-store"));
      }

      assertThat(edge.cache.keys()).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void a_leader_that_gives_up_wakes_the_others() throws Exception {
    try (Edge edge = new Edge()) {
      Fill fill = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();

      fill.abandon();

      assertThat(joined.await(LONG)).contains(new Settled.Abandoned());
      edge.miss("/a").abandon();
      assertThatThrownBy(() -> edge.settle(fill, Edge.ok(new byte[1])))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_leader_that_is_silent_too_long_is_replaced() throws Exception {
    try (Edge edge = new Edge()) {
      Fill silent = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();
      edge.clock.advance(Duration.ofMinutes(7));

      Fill next = edge.miss("/a");

      assertThat(joined.await(LONG)).contains(new Settled.Abandoned());
      next.abandon();
      silent.abandon();
    }
  }

  @Test
  void more_than_so_many_waiters_pass() {
    try (Edge edge = new Edge(Edge.limits(Edge.MIB, Edge.MIB, 2), List.of())) {
      Fill fill = edge.miss("/a");
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);
      assertThat(edge.look("/a")).isInstanceOf(Lookup.Joined.class);

      assertThat(edge.look("/a")).isEqualTo(new Lookup.Pass(Lookup.Passing.TOO_MANY_WAITERS));
      fill.abandon();
    }
  }

  @Test
  void waiting_ends_at_its_limit() throws Exception {
    try (Edge edge = new Edge()) {
      Fill fill = edge.miss("/a");

      assertThat(fill.await(Duration.ofMillis(1))).isEmpty();
      fill.abandon();
    }
  }

  @Test
  void a_dead_origin_tells_all_who_wait_and_leaves_no_mark() throws Exception {
    try (Edge edge = new Edge()) {
      Fill fill = edge.miss("/a");
      Fill joined = ((Lookup.Joined) edge.look("/a")).fill();

      edge.settle(fill, Edge.down());

      Settled failed = new Settled.NotStored(Settled.Unstorable.ORIGIN_FAILED);
      assertThat(joined.await(LONG)).contains(failed);
      edge.miss("/a").abandon();
    }
  }

  @Test
  void behaviors_without_caching_pass() {
    try (Edge edge = new Edge()) {
      TtlRule off =
          new TtlRule(
              Duration.ZERO, Duration.ZERO, Duration.ZERO, Map.of(), Optional.empty(), false);

      assertThat(edge.cache.look(Edge.key("/a"), off, edge.clock.nanos()))
          .isEqualTo(new Lookup.Pass(Lookup.Passing.CACHING_DISABLED));
    }
  }

  private static Stored storing(Edge edge, Tap origin, long length) {
    Fetched.Answered answer = Edge.answer(200, Fields.empty(), origin, length);
    return ((Settled.Storing) edge.settle(edge.miss("/a"), answer)).stored();
  }

  private static Body.Flowing flow(Body body) {
    assertThat(body).isInstanceOf(Body.Flowing.class);
    return (Body.Flowing) body;
  }
}
