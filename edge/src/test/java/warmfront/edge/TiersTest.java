package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Location;
import warmfront.distribution.Origin;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Reach;
import warmfront.distribution.Server;
import warmfront.distribution.Trial;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.peer.Outcome;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Method;
import warmfront.http.Ranges;
import warmfront.snapshot.Subscriber.Verdict;

/** Locations of one process that ask one another before the origin. */
final class TiersTest {
  private static final List<Location> LOCATIONS =
      List.of(
          place("FRA", 50.0, 8.6, ""),
          place("CMH", 40.0, -82.9, ""),
          place("SYD", -33.9, 151.2, ""),
          place("NRT", 35.8, 140.4, "SYD"),
          place("AKL", -37.0, 174.8, "SYD"));
  private static final int FRA = 0;
  private static final int CMH = 1;
  private static final int SYD = 2;
  private static final int NRT = 3;
  private static final int AKL = 4;

  private final Path folder;
  private final LiveEdge live;

  TiersTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(64 << 20), List.of(), 0, 0),
            LOCATIONS.toArray(Location[]::new));
  }

  private static Location place(String code, double north, double east, String parent) {
    return new Location(
        code,
        code,
        "DE",
        north,
        east,
        PriceClass.PRICE_CLASS_ALL,
        100,
        Optional.of(parent).filter(some -> !some.isEmpty()));
  }

  @AfterEach
  void close() {
    live.close();
  }

  /**
   * Serves the site.
   *
   * @param shield a region; empty for none
   */
  private void open(CachePolicy policy, String shield) {
    live.serving(List.of(policy), behavior("*", policy.id()));
    Distribution site =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            origin("origin.test", live.origin.port())
                .withReach(
                    new Reach(
                        Optional.empty(),
                        Reach.Family.IPV4,
                        Optional.of(shield).filter(region -> !region.isEmpty()))),
            new Behavior(
                "*",
                "site",
                ViewerProtocol.ALLOW_ALL,
                ALL,
                Set.of(Method.GET, Method.HEAD, Method.OPTIONS),
                Optional.of(policy.id()),
                Optional.empty(),
                Behavior.Options.NONE));
    assertThat(live.change(site)).isEqualTo(new Verdict.Applied());
    for (Location location : LOCATIONS) {
      live.change(location);
      live.change(
          new Server(
              "edge-" + location.id().toLowerCase(Locale.ROOT),
              Server.Role.EDGE,
              location.id(),
              List.of("http://127.0.0.1:1"),
              List.of(),
              List.of(),
              100,
              Server.State.ACTIVE));
    }
  }

  private Visitor.Answer get(int location, String target, String... fields) throws IOException {
    return live.visitor(location, LiveEdge.HOST).get(target, fields);
  }

  @Test
  void an_object_that_is_wanted_everywhere_is_asked_of_the_origin_once() throws IOException {
    open(policy("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");

    Visitor.Answer first = get(CMH, "/a");
    live.clock.advance(Duration.ofSeconds(7));
    Visitor.Answer second = get(NRT, "/a");
    Visitor.Answer again = get(NRT, "/a");

    for (int location = 0; location < LOCATIONS.size(); location++) {
      assertThat(get(location, "/a").body()).isEqualTo("hello");
    }
    assertThat(live.origin.asked).hasSize(1);
    assertThat(first.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(first.fields().all("Cache-Status"))
        .containsExactly(
            "Warmfront; fwd=miss; stored; peer=\"fwd=miss; stored; ttl=60;"
                + " detail=origin-shield\"");
    assertThat(second.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(second.field("Age")).isEqualTo("7");
    assertThat(second.fields().all("Cache-Status"))
        .containsExactly(
            "Warmfront; fwd=miss; stored; peer=\"fwd=miss; stored;"
                + " peer=\\\"hit; ttl=53; detail=origin-shield\\\"\"");
    assertThat(again.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(live.edge().counters().tiers())
        .containsEntry("FRA", outcomes(1, 1))
        .containsEntry("SYD", outcomes(2, 0));
  }

  private static Map<Outcome, Long> outcomes(long hits, long misses) {
    return Map.of(
        Outcome.HIT, hits, Outcome.MISS, misses, Outcome.DECLINED, 0L, Outcome.FAILED, 0L);
  }

  @Test
  void what_is_staged_is_asked_of_no_other_location() throws IOException {
    open(policy("P"), "eu-central-1");
    Reach shielded = new Reach(Optional.empty(), Reach.Family.IPV4, Optional.of("eu-central-1"));
    Origin now = origin("origin.test", live.origin.port()).withReach(shielded);
    Origin next =
        new Origin(
            now.id(),
            now.domainName(),
            "/next",
            now.headers(),
            now.type(),
            now.attempts(),
            now.connectTimeout(),
            shielded);
    live.change(
        distribution("ES", List.of(), next, behavior("*", "P"))
            .withEntrance(tried(new Trial(true, Optional.empty()))));
    live.change(
        new ContinuousDeploymentPolicy(
            "CD",
            true,
            "es.warmfront.localhost",
            new ContinuousDeploymentPolicy.Split.ByHeader("aws-cf-cd-next", "yes")));
    live.change(
        distribution("EA", List.of(LiveEdge.HOST), now, behavior("*", "P"))
            .withEntrance(tried(new Trial(false, Optional.of("CD")))));
    live.origin.says("/a", 200, "now", "Cache-Control", "max-age=60");
    live.origin.says("/next/a", 200, "next", "Cache-Control", "max-age=60");

    assertThat(get(CMH, "/a").body()).isEqualTo("now");
    assertThat(get(CMH, "/a", "aws-cf-cd-next", "yes").body()).isEqualTo("next");
    assertThat(get(SYD, "/a", "aws-cf-cd-next", "yes").body()).isEqualTo("next");
    assertThat(get(SYD, "/a").body()).isEqualTo("now");
    assertThat(get(SYD, "/a", "aws-cf-cd-next", "yes").field("X-Cache"))
        .isEqualTo("Hit from cloudfront");
    assertThat(live.origin.asked).filteredOn(asked -> asked.startsWith("GET /next/a")).hasSize(2);
    assertThat(live.origin.asked).hasSize(3);
  }

  private static Entrance tried(Trial part) {
    return new Entrance(false, Optional.empty(), Geography.ANYWHERE, part);
  }

  @Test
  void misses_everywhere_at_once_are_one_request_of_the_origin() throws Exception {
    var answer = new CountDownLatch(1);
    open(policy("P"), "eu-central-1");
    live.origin.on(
        "/slow",
        exchange -> {
          await(answer);
          ScriptedOrigin.answer(exchange, 200, "hello", "Cache-Control", "max-age=60");
        });
    try (ExecutorService viewers = Executors.newCachedThreadPool()) {
      List<Future<Visitor.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        int location = i % LOCATIONS.size();
        answers.add(viewers.submit(() -> get(location, "/slow")));
      }
      LiveEdge.eventually(() -> live.edge().counters().viewers().requests() == 15);
      answer.countDown();

      for (Future<Visitor.Answer> one : answers) {
        assertThat(one.get().body()).isEqualTo("hello");
      }
    }
    assertThat(live.origin.asked).hasSize(1);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void a_parent_is_asked_before_the_origin_by_its_own_locations_alone() throws IOException {
    open(policy("P"), "");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");

    get(NRT, "/a");
    assertThat(live.origin.asked).hasSize(1);
    assertThat(get(AKL, "/a").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(get(SYD, "/a").field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(live.origin.asked).hasSize(1);
    get(FRA, "/a");
    assertThat(live.origin.asked).hasSize(2);
  }

  @Test
  void what_changes_something_and_what_is_not_cached_skips_the_tiers() throws IOException {
    open(Pictures.noCaching("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello");

    get(NRT, "/a");
    live.visitor(NRT, LiveEdge.HOST).ask("POST", "/a", "x");

    assertThat(live.origin.asked).hasSize(2);
    assertThat(live.edge().counters().tiers()).isEmpty();
  }

  @Test
  void options_are_cached_at_locations_alone() throws IOException {
    open(policy("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");

    Visitor viewer = live.visitor(NRT, LiveEdge.HOST);
    viewer.ask("OPTIONS", "/a", "");

    assertThat(viewer.ask("OPTIONS", "/a", "").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(live.edge().counters().tiers()).isEmpty();
  }

  @Test
  void an_object_lives_no_longer_farther_out() throws IOException {
    open(policy("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60", "ETag", "\"1\"");
    get(FRA, "/a");
    live.clock.advance(Duration.ofSeconds(50));
    get(NRT, "/a");
    live.clock.advance(Duration.ofSeconds(11));

    Visitor.Answer renewed = get(NRT, "/a");

    assertThat(renewed.body()).isEqualTo("hello");
    assertThat(live.origin.asked).as("the shield's was stale, too").hasSize(2);
  }

  @Test
  void an_invalidation_leaves_nothing_behind_at_any_tier() throws IOException {
    open(policy("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");
    get(NRT, "/a");

    live.change(new Invalidation("I1", "EA", List.of("/*")));
    Visitor.Answer after = get(NRT, "/a");

    assertThat(after.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(live.origin.asked).hasSize(2);
  }

  @Test
  void parts_of_long_objects_go_over_the_tiers() throws IOException {
    String body = "0123456789abcdef".repeat(3 << 16);
    open(policy("P"), "eu-central-1");
    live.origin.on("/long", exchange -> ranged(exchange, body));

    Visitor.Answer part = get(NRT, "/long", "Range", "bytes=1048570-1048591");
    int asked = live.origin.asked.size();
    Visitor.Answer elsewhere = get(CMH, "/long", "Range", "bytes=1048570-1048591");
    Visitor.Answer whole = get(NRT, "/long");

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(body.substring(1_048_570, 1_048_592));
    assertThat(elsewhere.body()).isEqualTo(part.body());
    assertThat(live.origin.asked.size() - asked).as("the slice that was lacking").isEqualTo(1);
    assertThat(whole.body()).isEqualTo(body);
  }

  private static void ranged(HttpExchange exchange, String body) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    if (asked != null && Ranges.of(asked, body.length()) instanceof Ranges.Part(ByteRange range)) {
      ScriptedOrigin.answer(
          exchange,
          206,
          body.substring((int) range.first(), (int) range.last() + 1),
          "ETag",
          "\"1\"",
          "Content-Range",
          new ContentRange(range, body.length()).toString());
    } else {
      ScriptedOrigin.answer(exchange, 200, body, "ETag", "\"1\"");
    }
  }

  @Test
  void a_hit_of_the_shield_is_told_in_the_log() throws IOException {
    open(policy("P"), "eu-central-1");
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");
    get(FRA, "/a");
    get(NRT, "/a");
    get(NRT, "/a");
    live.awaitFinished(3);
    live.close();

    List<String[]> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("logs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split("\t", -1))
              .forEach(lines::add);
        }
      }
    }
    assertThat(lines)
        .extracting(line -> line[2] + " " + line[13] + " " + line[28])
        .containsExactlyInAnyOrder(
            "FRA1-P1 Miss Miss", "NRT1-P1 Hit OriginShieldHit", "NRT1-P1 Hit Hit");
  }
}
