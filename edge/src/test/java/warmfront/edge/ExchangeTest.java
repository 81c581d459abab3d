package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.snapshot;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.NameSet;
import warmfront.distribution.Wishes;
import warmfront.edge.behavior.Sites;
import warmfront.edge.encryption.Forms;
import warmfront.edge.log.Counters;
import warmfront.edge.log.Journal;
import warmfront.edge.log.Limits;
import warmfront.edge.log.Tallies;
import warmfront.edge.policy.Gate;
import warmfront.edge.policy.HashKey;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.OriginRequests;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Settled;
import warmfront.http.Method;
import warmfront.time.ManualClock;

final class ExchangeTest {
  private static final String HOST = "ea.warmfront.localhost";
  private static final Executor FULL =
      _ -> {
        throw new RejectedExecutionException();
      };

  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T12:00:00Z"));
  private final Tallies tallies = new Tallies();
  private final Journal journal =
      new Journal(
          Path.of("unused"),
          Limits.standard(),
          false,
          () -> Atlas.NONE,
          clock,
          new SplittableRandom(1));
  private final ScriptedStore cache = new ScriptedStore();
  private boolean fresh = true;
  private final ScriptedAnswers origin = new ScriptedAnswers();
  private final PlainStored object =
      new PlainStored(200, "hello", "ETag", "\"1\"", "Content-Type", "text/plain");

  @Test
  void a_hit_never_leaves_the_loop() {
    cache.look(new Lookup.Hit(object));

    Said said =
        serve(
            get(HOST, "/a"),
            _ -> {
              throw new AssertionError("left the loop");
            });

    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.HIT);
    assertThat(said.response().stamp().ageSeconds()).isEqualTo(7);
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("hit");
    assertThat(object.released).hasValue(1);
    assertThat(requests())
        .containsExactly(new Counters.Requests("FRA", "EA", ResultType.HIT, 2, 1));
  }

  @Test
  void a_strict_distribution_confirms_every_hit_while_the_edge_may_not_know_the_latest_changes() {
    String strict = "es.warmfront.localhost";
    fresh = false;
    cache.look(new Lookup.Hit(object));
    serve(get(HOST, "/a"));
    assertThat(cache.confirmations).as("another distribution does not mind").isZero();

    cache.look(new Lookup.Stale(object, new PlainFill()));
    cache.settle(new Settled.Refreshed(object));
    origin.answers(304, "");
    Said said = serve(get(strict, "/a"));

    assertThat(cache.confirmations).isEqualTo(1);
    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.REFRESH_HIT);
    assertThat(origin.asked.getLast().fields().value("If-None-Match")).isEqualTo("\"1\"");

    fresh = true;
    cache.look(new Lookup.Hit(object));
    serve(get(strict, "/a"));
    assertThat(cache.confirmations).isEqualTo(1);
  }

  @Test
  void a_miss_is_fetched_stored_and_sent() {
    var fill = new PlainFill();
    cache.look(new Lookup.Miss(fill));
    cache.settle(new Settled.Storing(object));
    origin.answers(200, "hello");

    Said said = serve(get(HOST, "/a"));

    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.MISS);
    assertThat(said.response().stamp().ageSeconds()).isEqualTo(-1);
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("fwd=miss; stored");
    assertThat(((Fetched.Answered) cache.settled()).fields().value("Date"))
        .isEqualTo("Wed, 04 Mar 2026 12:00:00 GMT");
    assertThat(object.released).hasValue(1);
    assertThat(fill.abandoned).isFalse();
  }

  @Test
  void a_head_that_misses_fetches_the_whole_object_and_a_range_the_slices_around_it() {
    Request head = request(Method.HEAD, HOST, "/a", Visits.HTTP, Protocol.HTTP_1_1, "");
    List<Request> requests =
        List.of(
            head,
            get(HOST, "/a", "Range", "bytes=1-2"),
            get(HOST, "/a", "Range", "bytes=1048570-1048580,3000000-"),
            get(HOST, "/a", "Range", "bytes=1048577-"),
            get(HOST, "/a", "Range", "bytes=-5"));
    for (Request request : requests) {
      cache.look(new Lookup.Miss(new PlainFill()));
      cache.settle(new Settled.Storing(object));
      origin.answers(200, "hello");
      serve(request);
    }

    assertThat(origin.asked).allMatch(asked -> asked.method().equals(Method.GET));
    assertThat(origin.asked.stream().map(asked -> "" + asked.fields().value("Range")))
        .containsExactly(
            "null", "bytes=0-1048575", "bytes=0-2097151", "bytes=1048576-", "bytes=-1048580");
  }

  @Test
  void an_object_on_disk_is_promoted_and_sent_as_a_hit() {
    cache.look(new Lookup.OnDisk(() -> new Lookup.Hit(object)));

    Said said = serve(get(HOST, "/a"));

    assertThat(said.response().stamp().result()).isEqualTo(ResultType.HIT);
    assertThat(object.released).hasValue(1);
  }

  @Test
  void a_stale_object_is_confirmed_by_the_origin() {
    cache.look(new Lookup.Stale(object, new PlainFill()));
    cache.settle(new Settled.Refreshed(object));
    origin.answers(304, "");

    Said said = serve(get(HOST, "/a"));

    assertThat(origin.asked.getFirst().fields().value("If-None-Match")).isEqualTo("\"1\"");
    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.REFRESH_HIT);
    assertThat(object.released).hasValue(2);
  }

  @Test
  void a_stale_object_is_served_when_the_origin_fails() {
    cache.look(new Lookup.Stale(object, new PlainFill()));
    cache.settle(new Settled.Excused(object));
    origin.fails(504, Reason.ORIGIN_TIMEOUT);

    Said said = serve(get(HOST, "/a"));

    assertThat(said.response().head().status()).isEqualTo(200);
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.HIT);
    assertThat(cache.settled())
        .isInstanceOfSatisfying(
            Fetched.Answered.class, page -> assertThat(page.status()).isEqualTo(504));
    assertThat(tallies.snapshot(journal).originErrors())
        .containsExactly(new Counters.OriginErrors("FRA", "EA", Reason.ORIGIN_TIMEOUT, 1));
  }

  @Test
  void a_stale_object_may_be_sent_before_it_is_renewed() {
    var fill = new PlainFill();
    fill.mayServeStale = true;
    cache.look(new Lookup.Stale(object, fill));
    cache.settle(new Settled.NotStored(Settled.Unstorable.STATUS));
    origin.answers(200, "new");

    Said said = serve(get(HOST, "/a"));

    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().cacheStatus())
        .isEqualTo("hit; ttl=93; detail=stale-while-revalidate");
    assertThat(origin.cancelled).isTrue();
  }

  @Test
  void one_who_joins_gets_the_leaders_object_as_a_hit() {
    var fill = new PlainFill();
    fill.outcome = Optional.of(new Settled.Storing(object));
    cache.look(new Lookup.Joined(fill));

    Said said = serve(get(HOST, "/a"));

    assertThat(said.text()).isEqualTo("hello");
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.HIT);
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("fwd=miss; collapsed");
    assertThat(origin.asked).isEmpty();
  }

  @Test
  void one_who_joined_in_vain_fetches_alone() {
    List<Optional<Settled>> vain =
        List.of(
            Optional.empty(), Optional.of(new Settled.NotStored(Settled.Unstorable.CACHE_CONTROL)));
    for (Optional<Settled> outcome : vain) {
      var fill = new PlainFill();
      fill.outcome = outcome;
      cache.look(new Lookup.Joined(fill));
      origin.answers(200, "own");

      Said said = serve(get(HOST, "/a"));

      assertThat(said.response().body()).isInstanceOf(Body.Flowing.class);
      assertThat(said.response().stamp().result()).isEqualTo(ResultType.MISS);
    }
  }

  @Test
  void one_whose_leader_gave_up_looks_again_once_and_then_fetches_alone() {
    var given = new PlainFill();
    given.outcome = Optional.of(new Settled.Abandoned());
    cache.look(new Lookup.Joined(given));
    cache.look(new Lookup.Hit(object));
    cache.look(new Lookup.Joined(given));
    cache.look(new Lookup.Joined(given));
    origin.answers(200, "own");

    Said found = serve(get(HOST, "/a"));
    Said alone = serve(get(HOST, "/a"));

    assertThat(found.text()).isEqualTo("hello");
    assertThat(alone.response().body()).isInstanceOf(Body.Flowing.class);
    assertThat(cache.looks).isEqualTo(4);
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void nobody_waits_for_a_fetch_that_cookies_make_ones_own() {
    cache.look(new Lookup.Joined(new PlainFill()));
    origin.answers(200, "own");

    Said said = serve(get("ec.warmfront.localhost", "/a", "Cookie", "a=1"));

    assertThat(origin.asked.getFirst().fields().value("Cookie")).isEqualTo("a=1");
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("fwd=miss; detail=not-collapsed");
  }

  @Test
  void what_may_not_be_stored_flows_through() {
    cache.look(new Lookup.Miss(new PlainFill()));
    cache.settle(new Settled.NotStored(Settled.Unstorable.CACHE_CONTROL));
    origin.answers(200, "private");

    Said said = serve(get(HOST, "/a"));

    assertThat(said.response().body()).isInstanceOf(Body.Flowing.class);
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("fwd=miss; detail=cache-control");
  }

  @Test
  void an_origin_that_fails_is_cached_as_an_error_of_its_status() {
    cache.look(new Lookup.Miss(new PlainFill()));
    cache.settle(new Settled.Storing(new PlainStored(504, "page")));
    origin.fails(504, Reason.ORIGIN_TIMEOUT);

    Said said = serve(get(HOST, "/a"));

    Fetched.Answered settled = (Fetched.Answered) cache.settled();
    assertThat(settled.status()).isEqualTo(504);
    assertThat(said.response().head().status()).isEqualTo(504);
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.ERROR);
  }

  @Test
  void a_post_passes_the_cache_by_with_its_body() {
    origin.answers(201, "made");

    Said said = serve(request(Method.POST, HOST, "/f", Visits.HTTP, Protocol.HTTP_1_1, "a=b"));

    assertThat(said.response().head().status()).isEqualTo(201);
    assertThat(said.response().stamp().cacheStatus()).isEqualTo("fwd=method");
    assertThat(origin.asked.getFirst().bodyLength()).isEqualTo(3);
    assertThat(cache.looks).isZero();
  }

  @Test
  void a_policy_without_caching_passes_the_cache_by() {
    origin.answers(200, "now");

    Said said = serve(get("en.warmfront.localhost", "/a", "Range", "bytes=0-1"));

    assertThat(said.response().stamp().cacheStatus())
        .isEqualTo("fwd=bypass; detail=caching-disabled");
    assertThat(origin.asked.getFirst().fields().value("Range")).isEqualTo("bytes=0-1");
  }

  @Test
  void an_origin_that_fails_on_the_way_through_gets_a_page() {
    origin.fails(502, Reason.ORIGIN_REFUSED);

    Said said = serve(request(Method.POST, HOST, "/f", Visits.HTTP, Protocol.HTTP_1_1, "a=b"));

    assertThat(said.response().head().status()).isEqualTo(502);
    assertThat(said.text()).contains("could not be connected to").contains(get(HOST, "/").id());
  }

  @Test
  void an_unknown_host_gets_403() {
    Said said = serve(get("nobody.example.com", "/"));

    assertThat(said.response().head().status()).isEqualTo(403);
    assertThat(requests())
        .containsExactly(
            new Counters.Requests("FRA", Counters.NO_DISTRIBUTION, ResultType.ERROR, 4, 1));
    assertThat(tallies.snapshot(journal).refused())
        .containsExactly(new Counters.Refusals("FRA", Reason.UNKNOWN_HOST, 1));
  }

  @Test
  void a_bug_is_a_500_and_frees_those_who_wait() {
    var fill = new PlainFill();
    cache.look(new Lookup.Miss(fill));

    Said said = serve(get(HOST, "/a"));

    assertThat(said.response().head().status()).isEqualTo(500);
    assertThat(fill.abandoned).isTrue();
  }

  @Test
  void a_miss_never_leaves_the_loop_where_the_origins_answer_comes_on_it() {
    cache.look(new Lookup.Miss(new PlainFill()));
    cache.settle(new Settled.Storing(object));
    origin.answers(200, "hello");

    Said said = serve(get(HOST, "/a"), FULL);

    assertThat(said.text()).isEqualTo("hello");
  }

  @Test
  void who_would_have_to_wait_where_too_many_do_is_sent_away() {
    List<Lookup> waiting =
        List.of(
            new Lookup.Joined(new PlainFill()), new Lookup.OnDisk(() -> new Lookup.Hit(object)));
    for (Lookup lookup : waiting) {
      cache.look(lookup);

      Said said = serve(get(HOST, "/a"), FULL);

      assertThat(said.response().head().status()).isEqualTo(503);
      assertThat(said.response().stamp().result()).isEqualTo(ResultType.CAPACITY_EXCEEDED);
    }
  }

  @Test
  void a_fetch_that_there_is_no_room_for_gives_back_what_it_held() {
    cache.look(new Lookup.Stale(object, new PlainFill()));
    cache.settle(new Settled.NotStored(Settled.Unstorable.ORIGIN_FAILED));
    origin.fails(503, Reason.OVERLOADED);

    Said said = serve(get(HOST, "/a"));

    assertThat(said.response().head().status()).isEqualTo(503);
    assertThat(said.response().stamp().result()).isEqualTo(ResultType.CAPACITY_EXCEEDED);
    assertThat(object.released).hasValue(1);
  }

  @Test
  void a_viewer_that_left_is_counted_as_an_error_without_a_status() {
    cache.look(new Lookup.Hit(object));
    var reply = new Said();
    new Exchange(rooms(Runnable::run), get(HOST, "/a"), reply).onLoop();

    reply.end(new Delivery(0, 0, 0, 0, false, 0));

    assertThat(requests())
        .containsExactly(new Counters.Requests("FRA", "EA", ResultType.ERROR, 0, 1));
  }

  private List<Counters.Requests> requests() {
    return tallies.snapshot(journal).requests();
  }

  private Said serve(Request request) {
    return serve(request, Runnable::run);
  }

  private Said serve(Request request, Executor offLoop) {
    var reply = new Said();
    new Exchange(rooms(offLoop), request, reply).onLoop();
    reply.end(new Delivery(100, 5, 1, 2, true, 0));
    return reply;
  }

  private Rooms rooms(Executor offLoop) {
    Sites sites =
        ((Sites.Compilation.Compiled)
                Sites.empty()
                    .next(
                        snapshot(
                            policy("P"),
                            noCaching("N"),
                            policy("C", NameSet.NONE, NameSet.ALL, NameSet.NONE),
                            distribution("EC", List.of(), behavior("*", "C")),
                            distribution(
                                "EA", List.of(), behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL)),
                            distribution("EN", List.of(), behavior("*", "N")),
                            distribution("ES", List.of(), behavior("*", "P"))
                                .withWishes(new Wishes(true, false, true))),
                        List.of()))
            .sites();
    return new Rooms(
        () -> sites,
        new Keys(new HashKey(1, 2)),
        cache,
        new OriginRequests("e1"),
        origin,
        (_, _, _) -> Optional.empty(),
        PeerFetch.NONE,
        Rooms.Tiers.NONE,
        new Forms(offLoop),
        () -> Writes.NONE,
        new Gate(() -> Directions.NONE, () -> Atlas.NONE, clock),
        () -> Atlas.NONE,
        new Recorder(tallies.at("FRA"), journal, clock),
        offLoop,
        () -> fresh,
        Duration.ofSeconds(1),
        new Dates(clock),
        clock);
  }
}
