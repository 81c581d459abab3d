package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.Remedies;
import warmfront.distribution.Wishes;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.step.ResultType;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/** Pages in the place of errors, over real sockets. */
final class ErrorPagesTest {
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  @AutoClose private final LiveEdge live;
  private final ScriptedOrigin origin;
  private final ManualClock clock;

  ErrorPagesTest(@TempDir Path data) throws IOException {
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA)
            .serving(List.of(policy("P"), noCaching("N")), behavior("*", "P"));
    origin = live.origin;
    clock = live.clock;
    origin.says("/pages/gone", 200, "gone for good", "Content-Type", "text/html");
    origin.says("/pages/broken", 200, "we are working on it");
    origin.says("/index.html", 200, "the app", "ETag", "\"app\"");
    origin.says("/missing", 404, "the origin's own words");
    origin.says("/broken", 500, "a stack trace");
  }

  private void serving(Map<Integer, Remedies.Page> pages) {
    Distribution site =
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                Pictures.origin("origin.test", origin.port()),
                behavior("*", "P"),
                behavior("/pages/*", "P"),
                behavior("/uncached/*", "N", ViewerProtocol.ALLOW_ALL, ALL),
                behavior("/secure/*", "P", ViewerProtocol.HTTPS_ONLY, ALL))
            .withRemedies(new Remedies(pages, List.of()));
    assertThat(live.change(site)).isEqualTo(new Verdict.Applied());
  }

  private static Map<Integer, Remedies.Page> pages() {
    Map<Integer, Remedies.Page> pages = new HashMap<>();
    pages.put(404, new Remedies.Page("/pages/gone", 404));
    pages.put(500, new Remedies.Page("/pages/broken", 503));
    pages.put(403, new Remedies.Page("/index.html", 200));
    pages.put(502, new Remedies.Page("/pages/broken", 502));
    return pages;
  }

  @Test
  void an_error_of_the_origin_has_its_page_under_the_code_that_is_said() throws IOException {
    serving(pages());

    Answer missing = visitor().get("/missing?q=1");
    Answer broken = visitor().get("/broken");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).isEqualTo("gone for good");
    assertThat(missing.field("Content-Type")).isEqualTo("text/html");
    assertThat(missing.field("X-Cache")).isEqualTo("Error from cloudfront");
    assertThat(missing.field("Cache-Status"))
        .isEqualTo("Warmfront; fwd=miss; stored; fwd-status=404");
    assertThat(broken.status()).isEqualTo(503);
    assertThat(broken.body()).isEqualTo("we are working on it");
    assertThat(origin.asked.stream().map(asked -> asked.split(" ", 3)[1]))
        .containsExactly("/missing", "/pages/gone", "/broken", "/pages/broken");
  }

  @Test
  void error_and_page_are_cached_each_for_its_own_time() throws IOException {
    serving(pages());
    visitor().get("/missing");

    Answer again = visitor().get("/missing");
    assertThat(again.body()).isEqualTo("gone for good");
    assertThat(again.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(again.field("X-Cache")).isEqualTo("Error from cloudfront");
    assertThat(origin.asked).hasSize(2);

    clock.advance(Duration.ofSeconds(11)); // ErrorCachingMinTTL is 10 s
    visitor().get("/missing");
    assertThat(origin.asked).hasSize(3);
    assertThat(origin.asked.getLast()).startsWith("GET /missing ");
  }

  @Test
  void a_page_that_cannot_be_had_shows_its_own_status() throws IOException {
    serving(
        Map.of(404, new Remedies.Page("/missing-too", 200), 500, new Remedies.Page("/moved", 200)));
    origin.says("/missing-too", 403, "no page for you");
    origin.says("/moved", 302, "", "Location", "/elsewhere");

    Answer missing = visitor().get("/missing");
    Answer broken = visitor().get("/broken");

    assertThat(missing.status()).as("the page's, which has no page itself").isEqualTo(403);
    assertThat(missing.body()).isEqualTo("no page for you");
    assertThat(broken.status()).isEqualTo(302);
    assertThat(broken.field("X-Cache")).isEqualTo("Error from cloudfront");
  }

  @Test
  void errors_of_the_edges_own_have_pages_too() throws IOException {
    serving(pages());

    Answer secure = visitor().get("/secure/a");
    Answer method = visitor().ask("POST", "/a", "a body");
    origin.close();
    Answer away = visitor().get("/a");

    assertThat(secure.status()).isEqualTo(200);
    assertThat(secure.body()).isEqualTo("the app");
    assertThat(method.status()).isEqualTo(200);
    assertThat(method.body()).isEqualTo("the app");
    assertThat(away.status()).as("its page is away, too").isEqualTo(502);
    assertThat(away.body()).contains("could not be connected to");
  }

  @Test
  void what_was_said_of_the_object_is_not_said_of_the_page() throws IOException {
    serving(Map.of(404, new Remedies.Page("/index.html", 200)));

    Answer answer = visitor().get("/missing", "If-None-Match", "\"app\"", "Range", "bytes=0-1");
    Answer head = visitor().ask("HEAD", "/missing", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("the app");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.field("Content-Length")).isEqualTo("7");
  }

  @Test
  void the_root_has_its_object_as_a_page_too() throws IOException {
    Distribution site =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            Pictures.origin("origin.test", origin.port()),
            behavior("*", "P"));
    live.change(
        new Distribution(
                site.id(),
                site.domainName(),
                true,
                site.aliases(),
                "index.html",
                true,
                true,
                site.priceClass(),
                site.origins(),
                site.behaviors(),
                site.defaultBehavior(),
                site.errorTtl(),
                site.logging(),
                site.cacheTagHeader(),
                site.wishes(),
                Entrance.PLAIN,
                Remedies.NONE)
            .withRemedies(new Remedies(Map.of(404, new Remedies.Page("/", 200)), List.of())));

    assertThat(visitor().get("/missing").body()).isEqualTo("the app");
  }

  @Test
  void an_answer_that_is_not_kept_has_its_page_each_time() throws IOException {
    serving(pages());
    origin.says("/uncached/a", 404, "x".repeat(300_000));

    for (int i = 0; i < 3; i++) {
      Answer answer = visitor().ask("POST", "/uncached/a", "a body");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("gone for good");
    }
    assertThat(origin.asked).hasSize(4);
  }

  @Test
  void the_log_and_the_counters_have_the_code_that_was_sent_and_an_error() throws IOException {
    serving(pages());

    visitor().get("/secure/a");
    live.awaitFinished(1);

    assertThat(live.edge().counters().requests().requests())
        .containsExactly(new Counters.Requests("FRA", "EA", ResultType.ERROR, 2, 1));
  }

  @Test
  void errors_of_behaviors_that_are_not_named_are_shown_as_they_are() throws IOException {
    Distribution site =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            Pictures.origin("origin.test", origin.port()),
            behavior("*", "P"),
            behavior("/pages/*", "P"),
            behavior("/api/*", "P"),
            behavior("/app/*", "P"));
    live.change(
        site.withRemedies(new Remedies(pages(), List.of()))
            .withWishes(
                Wishes.NONE.withResponses(
                    Wishes.Responses.PLAIN.withPagesOf(Set.of("*", "/app/*")))));
    origin.says("/api/a", 404, "{}", "Content-Type", "application/json");
    origin.says("/app/a", 404, "no such view");

    Answer api = visitor().get("/api/a");

    assertThat(api.status()).isEqualTo(404);
    assertThat(api.body()).isEqualTo("{}");
    assertThat(api.field("Content-Type")).isEqualTo("application/json");
    assertThat(visitor().get("/app/a").body()).isEqualTo("gone for good");
    assertThat(visitor().get("/missing").body()).isEqualTo("gone for good");
  }

  @Test
  void the_connection_is_closed_after_some_and_kept_after_others() throws IOException {
    serving(pages());
    for (String path : List.of("/missing", "/broken")) {
      try (Socket socket = visitor().connect()) {
        socket
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: " + LiveEdge.HOST + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
        Answer answer = Visitor.read(socket, "GET");

        assertThat(answer.field("Connection")).isEqualTo(path.equals("/broken") ? "close" : "");
      }
    }
  }

  @Test
  void many_viewers_of_a_page_that_is_slow_all_get_it() throws Exception {
    serving(Map.of(404, new Remedies.Page("/slow", 200)));
    origin.on(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("slow".getBytes(ISO_8859_1));
        });

    List<Thread> viewers =
        IntStream.range(0, 30)
            .mapToObj(_ ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        seen.add(visitor().get("/missing").body());
                      } catch (IOException e) {
                        seen.add(e.toString());
                      }
                    }))
            .toList();
    for (Thread viewer : viewers) {
      viewer.join();
    }

    assertThat(seen).hasSize(30).allMatch("slow"::equals);
  }

  @Test
  void the_origin_of_a_page_is_told_what_failed_and_viewers_cannot_say_it() throws IOException {
    OriginRequestPolicy told =
        new OriginRequestPolicy(
            "O",
            "O",
            OriginRequestPolicy.HeaderMode.WHITELIST,
            List.of("CloudFront-Error-Uri", "CloudFront-Error-Args"),
            NameSet.NONE,
            NameSet.NONE);
    assertThat(live.change(told)).isEqualTo(new Verdict.Applied());
    Behavior.Options options =
        new Behavior.Options(
            Optional.of("O"), Optional.empty(), Optional.empty(), Behavior.Signers.NONE, Set.of());
    live.change(
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                Pictures.origin("origin.test", origin.port()),
                behavior("*", "P").withOptions(options))
            .withRemedies(new Remedies(pages(), List.of())));

    visitor().get("/missing?a=1&b", "CloudFront-Error-Uri", "/made-up");

    assertThat(origin.asked).hasSize(2);
    assertThat(origin.asked.getFirst()).doesNotContainIgnoringCase("CloudFront-Error");
    assertThat(origin.asked.getLast())
        .containsIgnoringCase("CloudFront-Error-Uri=[/missing]")
        .containsIgnoringCase("CloudFront-Error-Args=[a=1&b]");
  }

  private Visitor visitor() {
    return live.visitor();
  }
}
