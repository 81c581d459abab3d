package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.LiveLocation.IDS;
import static warmfront.edge.Pictures.asking;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.step.ResultType.HIT;
import static warmfront.edge.step.ResultType.MISS;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Invalidation;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.Remedies;
import warmfront.edge.log.Counters;
import warmfront.edge.peer.Outcome;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Ranges;

/** Three servers of one location, one origin. */
final class PeersTest {
  private static final NameSet LISTED =
      new NameSet(NameSet.Mode.WHITELIST, List.of("From", "Warmfront-Viewer"));

  @TempDir private Path folder;
  private final LiveLocation location;

  PeersTest() throws IOException {
    location = new LiveLocation();
  }

  @AfterEach
  void close() {
    location.close();
  }

  @Test
  void an_object_is_fetched_once_for_all_servers_and_lies_on_one() throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));

    Visitor.Answer first = location.visitor(ranked.getLast()).get("/a");
    location.clock.advance(Duration.ofSeconds(7));
    Visitor.Answer second = location.visitor(ranked.getLast()).get("/a");
    Visitor.Answer third = location.visitor(ranked.get(1)).get("/a");
    Visitor.Answer own = location.visitor(ranked.getFirst()).get("/a");

    assertThat(location.origin.asked).hasSize(1);
    assertThat(first.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(first.fields().all("Cache-Status"))
        .containsExactly("Warmfront; fwd=miss; peer=\"fwd=miss; stored; ttl=60\"");
    for (Visitor.Answer other : List.of(second, third)) {
      assertThat(other.body()).isEqualTo("hello");
      assertThat(other.field("X-Cache")).isEqualTo("Hit from cloudfront");
      assertThat(other.field("Age")).isEqualTo("7");
      assertThat(other.fields().all("Cache-Status"))
          .containsExactly("Warmfront; fwd=miss; peer=\"hit; ttl=53\"");
    }
    assertThat(own.field("Age")).isEqualTo("7");
    assertThat(own.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(ranked).map(location::objects).containsExactly(1L, 0L, 0L);
    assertThat(location.peers(ranked.getLast()).asked())
        .containsEntry(Outcome.MISS, 1L)
        .containsEntry(Outcome.HIT, 1L);
    // recorded when all bytes have left, which the viewers may see first
    LiveEdge.eventually(
        () -> location.peers(ranked.getFirst()).served().equals(Map.of(MISS, 1L, HIT, 2L)));
    LiveEdge.eventually(() -> requests(ranked.getFirst()) == 1);
    LiveEdge.eventually(() -> requests(ranked.getLast()) == 2);
  }

  @Test
  void misses_at_all_servers_at_once_make_one_request_of_the_origin() throws Exception {
    var answer = new CountDownLatch(1);
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .on(
            "/slow",
            exchange -> {
              await(answer);
              ScriptedOrigin.answer(exchange, 200, "hello", "Cache-Control", "max-age=60");
            });
    try (ExecutorService viewers = Executors.newCachedThreadPool()) {
      List<Future<Visitor.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String id = IDS.get(i % IDS.size());
        answers.add(viewers.submit(() -> location.visitor(id).get("/slow")));
      }
      String owner = location.ranking("/slow", policy("P")).getFirst();
      LiveEdge.eventually(() -> location.edge(owner).counters().viewers().requests() == 12);
      answer.countDown();

      for (Future<Visitor.Answer> one : answers) {
        assertThat(one.get().body()).isEqualTo("hello");
      }
    }
    assertThat(location.origin.asked).hasSize(1);
  }

  @Test
  void facts_of_a_viewer_are_those_of_the_server_it_came_to_and_never_its_own() throws IOException {
    location.open(folder, LiveLocation.CALM, policy("P"));
    location.change(
        asking(HeaderMode.WHITELIST, "CloudFront-Viewer-Header-Order", "CloudFront-Viewer-City"),
        IDS);
    Behavior.Options options =
        new Behavior.Options(
            Optional.of("A"), Optional.empty(), Optional.empty(), Behavior.Signers.NONE, Set.of());
    location.change(
        distribution(
            "EA",
            List.of(LiveLocation.HOST),
            Pictures.origin("origin.test", location.origin.port()),
            behavior("*", "P").withOptions(options)),
        IDS);
    location.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");
    Visitor other = location.visitor(location.ranking("/a", policy("P")).getLast());

    other.get("/a", "X-One", "1", "CloudFront-Viewer-City", "Atlantis");

    assertThat(location.origin.asked)
        .singleElement()
        .asString()
        .containsPattern(
            "(?i)cloudfront-viewer-header-order=\\[Host:[^\\]]*X-One:CloudFront-Viewer-City\\]")
        .doesNotContain("Atlantis");
  }

  @Test
  void conditions_and_ranges_are_judged_by_the_owner() throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60", "ETag", "\"1\"");
    Visitor other = location.visitor(location.ranking("/a", policy("P")).getLast());

    assertThat(other.get("/a", "If-None-Match", "\"1\"").status()).isEqualTo(304);
    Visitor.Answer part = other.get("/a", "Range", "bytes=1-2");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("el");
    assertThat(part.field("Content-Range")).isEqualTo("bytes 1-2/5");
    assertThat(other.get("/a", "Range", "bytes=1-2", "If-Range", "\"1\"").body()).isEqualTo("el");
    assertThat(other.get("/a", "Range", "bytes=1-2", "If-Range", "\"0\"").body())
        .isEqualTo("hello");
    assertThat(other.get("/a", "Range", "bytes=9-").status()).isEqualTo(416);
    assertThat(other.get("/a", "If-Match", "\"0\"").status()).isEqualTo(412);
    assertThat(other.ask("HEAD", "/a", "").field("Content-Length")).isEqualTo("5");
    assertThat(location.origin.asked).hasSize(1);
  }

  @Test
  void parts_of_long_objects_go_over_the_hop() throws IOException {
    String body = "0123456789abcdef".repeat(3 << 16);
    location
        .open(folder, LiveLocation.limits(Duration.ZERO, 2), policy("P"))
        .origin
        .on("/long", exchange -> ranged(exchange, body));
    List<String> ranked = location.ranking("/long", policy("P"));

    for (int i = 0; i < 4; i++) { // passed on, then kept, too
      Visitor.Answer part =
          location.visitor(ranked.getLast()).get("/long", "Range", "bytes=1048570-1048591");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(body.substring(1_048_570, 1_048_592));
    }
    long asked = location.origin.asked.size();
    assertThat(location.visitor(ranked.getFirst()).get("/long").body()).isEqualTo(body);
    assertThat(location.visitor(ranked.getLast()).get("/long").body()).isEqualTo(body);

    assertThat(location.objects(ranked.getLast())).isEqualTo(1);
    assertThat(asked).as("the slices around the range").isEqualTo(1);
    assertThat(location.origin.asked.size() - asked).as("the slice that was lacking").isEqualTo(1);
  }

  @Test
  void what_is_asked_for_often_is_kept_by_the_asking_server_and_lives_no_longer_there()
      throws IOException {
    CachePolicy brief =
        new CachePolicy(
            "B",
            "B",
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofDays(1),
            false,
            false,
            NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);
    location
        .open(folder, LiveLocation.limits(Duration.ZERO, 3), brief)
        .origin
        .says("/a", 200, "hello", "ETag", "\"1\"");
    List<String> ranked = location.ranking("/a", brief);
    Visitor other = location.visitor(ranked.getLast());
    other.get("/a");
    location.clock.advance(Duration.ofSeconds(50));

    for (int i = 0; i < 3; i++) {
      assertThat(other.get("/a").field("Cache-Status"))
          .startsWith("Warmfront; fwd=miss; peer=\"hit; ttl=");
      assertThat(location.objects(ranked.getLast())).isZero();
    }
    Visitor.Answer kept = other.get("/a");
    Visitor.Answer hit = other.get("/a");

    assertThat(kept.field("Cache-Status"))
        .isEqualTo("Warmfront; fwd=miss; stored; peer=\"hit; ttl=10\"");
    assertThat(kept.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(kept.field("Age")).isEqualTo("50");
    assertThat(hit.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(hit.field("Age")).isEqualTo("50");
    assertThat(location.objects(ranked.getLast())).isEqualTo(1);
    assertThat(location.origin.asked).hasSize(1);

    location.clock.advance(Duration.ofSeconds(11));
    Visitor.Answer renewed = other.get("/a");

    assertThat(renewed.body()).isEqualTo("hello");
    assertThat(renewed.field("X-Cache")).isEqualTo("RefreshHit from cloudfront");
    assertThat(location.origin.asked).as("the owner's was stale as well").hasSize(2);
    assertThat(other.get("/a").field("Cache-Status")).isEqualTo("Warmfront; hit");
  }

  @Test
  void invalidations_reach_what_is_kept_twice() throws IOException {
    location
        .open(folder, LiveLocation.limits(Duration.ZERO, 1), policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    String last = location.ranking("/a", policy("P")).getLast();
    for (int i = 0; i < 3; i++) {
      location.visitor(last).get("/a");
    }
    assertThat(location.objects(last)).isEqualTo(1);

    location.change(new Invalidation("I1", "EA", List.of("/a")), IDS);

    assertThat(location.visitor(last).get("/a").field("X-Cache")).startsWith("Miss");
    assertThat(location.origin.asked).hasSize(2);
  }

  @Test
  void the_largest_header_of_an_origin_goes_over_the_hop() throws IOException {
    String large = "x".repeat(32_400);
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60", "Large", large);
    List<String> ranked = location.ranking("/a", policy("P"));

    Visitor.Answer answer = location.visitor(ranked.getLast()).get("/a");

    assertThat(answer.field("Large")).isEqualTo(large);
    assertThat(location.peers(ranked.getLast()).asked())
        .containsEntry(Outcome.MISS, 1L)
        .containsEntry(Outcome.FAILED, 0L);
  }

  @Test
  void what_may_not_be_shared_is_not() throws IOException {
    CachePolicy obedient =
        new CachePolicy(
            "O",
            "O",
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofDays(1),
            false,
            false,
            NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);
    location
        .open(folder, LiveLocation.limits(Duration.ZERO, 1), obedient)
        .origin
        .says("/a", 200, "yours", "Cache-Control", "private");
    Visitor other = location.visitor(location.ranking("/a", obedient).getLast());

    for (int i = 1; i <= 4; i++) {
      assertThat(other.get("/a").field("X-Cache")).isEqualTo("Miss from cloudfront");
      assertThat(location.origin.asked).hasSize(i);
    }
  }

  @Test
  void the_origin_sees_the_viewer_as_if_there_were_no_hop() throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P", LISTED, NameSet.NONE, NameSet.NONE))
        .origin
        .says(
            "/a", 200, "x", "Cache-Control", "max-age=60", "Warmfront-Cache-Status", "hit; ttl=9");

    for (String id : IDS) {
      Visitor.Answer answer =
          location
              .visitor(id)
              .get("/a", "Warmfront-Viewer", "192.0.2.1", "Warmfront-Point", "9.9", "From", id);
      assertThat(answer.fields().toString()).doesNotContainIgnoringCase("warmfront-cache-status");
    }

    assertThat(location.origin.asked)
        .as("one for each value of From, which is in the key here")
        .hasSize(3)
        .allSatisfy(asked ->
            assertThat(asked)
                .contains("X-forwarded-for=[127.0.0.1]")
                .contains("Cdn-loop=[warmfront]")
                .doesNotContain(", 1.1")
                .doesNotContainIgnoringCase("warmfront-"));
  }

  @Test
  void the_default_root_object_is_asked_of_its_owner() throws IOException {
    location.started(folder, LiveLocation.CALM);
    location.origin.says("/index.html", 200, "root", "Cache-Control", "max-age=60");
    location.serving(
        List.of(policy("P")),
        rooted(
            distribution(
                "EA",
                List.of(LiveLocation.HOST),
                origin("origin.test", location.origin.port()),
                behavior("*", "P"))));

    for (String id : IDS) {
      assertThat(location.visitor(id).get("/").body()).isEqualTo("root");
      assertThat(location.visitor(id).get("/index.html").body()).isEqualTo("root");
    }
    assertThat(location.origin.asked).hasSize(1);
  }

  @Test
  void a_lacking_part_of_the_default_root_object_is_asked_for_under_its_name() throws IOException {
    String body = "0123456789abcdef".repeat(3 << 16);
    location.started(folder, LiveLocation.CALM);
    location.origin.on("/", exchange -> ScriptedOrigin.answer(exchange, 404, ""));
    location.origin.on("/index.html", exchange -> ranged(exchange, body));
    location.serving(
        List.of(policy("P")),
        rooted(
            distribution(
                "EA",
                List.of(LiveLocation.HOST),
                origin("origin.test", location.origin.port()),
                behavior("*", "P"))));
    Visitor owner = location.visitor(location.ranking("/index.html", policy("P")).getFirst());

    assertThat(owner.get("/", "Range", "bytes=0-1").body()).isEqualTo("01");
    assertThat(owner.get("/", "Range", "bytes=2097152-2097154").body()).isEqualTo("012");
    assertThat(location.origin.asked).hasSize(2).allMatch(asked -> asked.contains("/index.html"));
  }

  private long requests(String id) {
    return location.edge(id).counters().requests().requests().stream()
        .mapToLong(Counters.Requests::count)
        .sum();
  }

  private static Distribution rooted(Distribution plain) {
    return new Distribution(
        plain.id(),
        plain.domainName(),
        true,
        plain.aliases(),
        "index.html",
        true,
        true,
        plain.priceClass(),
        plain.origins(),
        plain.behaviors(),
        plain.defaultBehavior(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        plain.wishes(),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  private static void ranged(HttpExchange exchange, String body) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    String[] fields = {"Cache-Control", "max-age=60", "ETag", "\"1\""};
    if (asked != null && Ranges.of(asked, body.length()) instanceof Ranges.Part(ByteRange range)) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", new ContentRange(range, body.length()).toString());
      String part = body.substring((int) range.first(), (int) range.last() + 1);
      ScriptedOrigin.answer(exchange, 206, part, fields);
    } else {
      ScriptedOrigin.answer(exchange, 200, body, fields);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
