package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.ScriptedOrigin.answer;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.step.Reason;
import warmfront.edge.step.ResultType;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/** A whole edge over real sockets, with a clock of the test's. */
final class EdgeTest {
  private static final Location NRT =
      new Location(
          "NRT", "Tokyo", "JP", 35.7, 139.7, PriceClass.PRICE_CLASS_200, 100, Optional.empty());

  private final ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor();
  private final Path data;

  @AutoClose private final LiveEdge live;
  private final ManualClock clock;
  private final ScriptedOrigin origin;

  EdgeTest(@TempDir Path data) throws IOException {
    this.data = data;
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA,
                NRT)
            .serving(
                List.of(policy("P"), noCaching("N")),
                behavior("*", "P"),
                behavior("/secure/*", "P", ViewerProtocol.REDIRECT_TO_HTTPS, ALL),
                behavior("/api/*", "N", ViewerProtocol.ALLOW_ALL, ALL));
    clock = live.clock;
    origin = live.origin;
  }

  @AfterEach
  void close() {
    viewers.shutdownNow();
  }

  @Test
  void what_viewers_were_sent_is_known_by_location() throws IOException {
    origin.says("/a", 200, "hello".repeat(1000));

    Answer here = visitor().get("/a");
    live.awaitFinished(1);
    long sent = edge().sentBytes().getOrDefault("FRA", 0L);
    Answer again = visitor().get("/a");
    live.awaitFinished(2);

    assertThat(here.body()).hasSize(5000).isEqualTo(again.body());
    assertThat(sent).isBetween(5000L, 6000L);
    assertThat(edge().sentBytes().get("FRA")).isBetween(sent + 5000, sent + 6000);
    assertThat(edge().sentBytes().getOrDefault("NRT", 0L)).isZero();
  }

  @Test
  void a_miss_is_followed_by_hits() throws IOException {
    origin.says("/a", 200, "hello", "Content-Type", "text/plain", "ETag", "\"1\"");

    Answer miss = visitor().get("/a?q=1");
    clock.advance(Duration.ofSeconds(5));
    Answer hit = visitor().get("/a");

    assertThat(miss.status()).isEqualTo(200);
    assertThat(miss.body()).isEqualTo("hello");
    assertThat(miss.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(miss.fields().has("Age")).isFalse();
    assertThat(miss.field("Cache-Status")).endsWith("fwd=miss; stored");
    assertThat(hit.body()).isEqualTo("hello");
    assertThat(hit.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(hit.field("Age")).isEqualTo("5");
    assertThat(hit.field("Content-Type")).isEqualTo("text/plain");
    assertThat(hit.field("Content-Length")).isEqualTo("5");
    assertThat(hit.field("X-Amz-Cf-Pop")).isEqualTo("FRA1-P1");
    assertThat(hit.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(origin.asked).hasSize(1);
    assertThat(origin.asked.getFirst())
        .startsWith("GET /a ")
        .contains("origin.test")
        .contains("Amazon CloudFront")
        .contains("127.0.0.1")
        .contains("warmfront");
  }

  @Test
  void each_location_has_a_cache_of_its_own() throws IOException {
    origin.says("/a", 200, "hello");
    visitor().get("/a");

    Answer elsewhere = live.visitor(1, LiveEdge.HOST).get("/a");

    assertThat(elsewhere.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(elsewhere.field("X-Amz-Cf-Pop")).isEqualTo("NRT1-P1");
    assertThat(edge().counters().caches()).containsOnlyKeys("FRA", "NRT");
  }

  @Test
  void fifty_viewers_of_one_object_ask_the_origin_once() throws Exception {
    var go = new CountDownLatch(1);
    origin.on(
        "/a",
        exchange -> {
          await(go);
          answer(exchange, 200, "hello");
        });
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(viewers.submit(() -> visitor().get("/a")));
    }
    LiveEdge.eventually(
        () -> edge().counters().caches().values().stream().anyMatch(c -> c.joins() == 49));

    go.countDown();

    List<String> results = new ArrayList<>();
    for (Future<Answer> one : answers) {
      assertThat(one.get().body()).isEqualTo("hello");
      results.add(one.get().field("X-Cache"));
    }
    assertThat(results).containsOnlyOnce("Miss from cloudfront");
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void viewers_read_while_the_object_still_comes() throws Exception {
    var go = new CountDownLatch(1);
    origin.on(
        "/a",
        exchange -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write("01234".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          await(go);
          exchange.getResponseBody().write("56789".getBytes(StandardCharsets.US_ASCII));
        });

    try (Socket leader = visitor().connect();
        Socket other = visitor().connect();
        Socket ranged = visitor().connect()) {
      visitor().send(leader, "GET", "/a", "");
      assertThat(begin(leader)).isEqualTo("01234");
      visitor().send(other, "GET", "/a", "");
      assertThat(begin(other)).isEqualTo("01234");
      visitor().send(ranged, "GET", "/a", "", "Range", "bytes=2-3");
      assertThat(Visitor.read(ranged, "GET").body()).isEqualTo("23");
      go.countDown();
      assertThat(leader.getInputStream().readNBytes(5)).isEqualTo(bytes("56789"));
      assertThat(other.getInputStream().readNBytes(5)).isEqualTo(bytes("56789"));
    }
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void ranges_conditions_and_heads_are_answered_from_one_object() throws IOException {
    origin.says("/a", 200, "0123456789", "ETag", "\"1\"", "Accept-Ranges", "bytes");

    Answer without = visitor().get("/a", "Range", "bytes=2-4"); // the origin ignores it
    Answer first = visitor().get("/a", "Range", "bytes=2-4");
    Answer second = visitor().get("/a", "Range", "bytes=-2");
    Answer behind = visitor().get("/a", "Range", "bytes=10-");
    Answer unchanged = visitor().get("/a", "If-None-Match", "\"1\"");
    Answer head = visitor().ask("HEAD", "/a", "");

    assertThat(without.status()).isEqualTo(200);
    assertThat(without.body()).isEqualTo("0123456789");
    assertThat(first.status()).isEqualTo(206);
    assertThat(first.body()).isEqualTo("234");
    assertThat(first.field("Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(second.body()).isEqualTo("89");
    assertThat(second.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(behind.status()).isEqualTo(416);
    assertThat(behind.field("Content-Range")).isEqualTo("bytes */10");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.field("ETag")).isEqualTo("\"1\"");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.field("Content-Length")).isEqualTo("10");
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void an_invalidated_object_is_fetched_again() throws IOException {
    var text = new AtomicReference<>("old");
    origin.on("/a", exchange -> answer(exchange, 200, text.get()));
    visitor().get("/a");
    text.set("new");
    assertThat(visitor().get("/a").body()).isEqualTo("old");

    assertThat(live.change(new Invalidation("I1", "EA", List.of("/a"))))
        .isInstanceOf(Verdict.Applied.class);

    Answer answer = visitor().get("/a");
    assertThat(answer.body()).isEqualTo("new");
    assertThat(answer.field("X-Cache")).isEqualTo("Miss from cloudfront");
  }

  @Test
  void an_expired_object_is_confirmed() throws IOException {
    origin.on(
        "/a",
        exchange -> {
          boolean same = exchange.getRequestHeaders().containsKey("If-None-Match");
          answer(
              exchange,
              same ? 304 : 200,
              same ? "" : "hello",
              "ETag",
              "\"1\"",
              "Cache-Control",
              "max-age=10");
        });
    visitor().get("/a");
    clock.advance(Duration.ofSeconds(11));

    Answer confirmed = visitor().get("/a");
    Answer hit = visitor().get("/a");

    assertThat(confirmed.status()).isEqualTo(200);
    assertThat(confirmed.body()).isEqualTo("hello");
    assertThat(confirmed.field("X-Cache")).isEqualTo("RefreshHit from cloudfront");
    assertThat(hit.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(origin.asked).hasSize(2);
  }

  @Test
  void an_expired_object_is_served_while_the_origin_is_down() throws IOException {
    origin.says("/a", 200, "hello", "Cache-Control", "max-age=10");
    visitor().get("/a");
    clock.advance(Duration.ofSeconds(11));
    origin.close();

    Answer stale = visitor().get("/a");

    assertThat(stale.status()).isEqualTo(200);
    assertThat(stale.body()).isEqualTo("hello");
    assertThat(stale.field("Age")).isEqualTo("11");
    assertThat(stale.field("Cache-Status")).contains("detail=stale-if-error");
  }

  @Test
  void an_origin_that_is_down_is_not_asked_again_for_ten_seconds() throws IOException {
    origin.close();

    Answer first = visitor().get("/a");
    Answer second = visitor().get("/a");
    clock.advance(Duration.ofSeconds(11));
    Answer third = visitor().get("/a");

    assertThat(first.status()).isEqualTo(502);
    assertThat(first.field("X-Cache")).isEqualTo("Error from cloudfront");
    assertThat(first.body()).contains("could not be connected to");
    assertThat(second.field("Age")).isEqualTo("0");
    assertThat(third.fields().has("Age")).isFalse();
    assertThat(edge().counters().requests().originErrors().getFirst().count()).isEqualTo(2);
  }

  @Test
  void all_methods_pass_where_they_are_allowed() throws IOException {
    origin.on("/api", EdgeTest::echo);

    Answer post = visitor().ask("POST", "/api/x", "a=b", "Content-Type", "text/plain");
    Answer delete = visitor().ask("DELETE", "/api/x", "");
    Answer refused = visitor().ask("POST", "/a", "a=b");

    assertThat(post.status()).isEqualTo(200);
    assertThat(post.body()).isEqualTo("POST a=b");
    assertThat(post.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(delete.body()).isEqualTo("DELETE ");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(origin.asked).hasSize(2);
  }

  @Test
  void without_caching_every_request_reaches_the_origin() throws IOException {
    origin.on("/api", EdgeTest::echo);

    visitor().get("/api/now");
    Answer again = visitor().get("/api/now", "Range", "bytes=0-1");

    assertThat(again.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(origin.asked).hasSize(2);
    assertThat(origin.asked.getLast()).contains("Range");
  }

  @Test
  void plain_http_is_sent_to_the_https_port() throws IOException {
    Answer redirect = visitor().get("/secure/x?y");

    assertThat(redirect.status()).isEqualTo(301);
    assertThat(redirect.field("Location")).isEqualTo("https://www.example.com:8443/secure/x?y");
    assertThat(redirect.field("X-Cache")).isEqualTo("Redirect from cloudfront");
  }

  @Test
  void an_unknown_host_gets_a_page_with_the_requests_id() throws IOException {
    Answer answer = live.visitor(0, "nobody.example.com").get("/");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains(answer.field("X-Amz-Cf-Id"));
  }

  @Test
  void objects_on_disk_outlive_the_process() throws IOException {
    origin.says("/a", 200, "hello".repeat(10_000), "Content-Type", "text/plain");
    visitor().get("/a");

    live.restart();
    Answer answer = visitor().get("/a");

    assertThat(answer.body()).isEqualTo("hello".repeat(10_000));
    assertThat(answer.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void a_picture_that_cannot_be_served_leaves_the_old_one() throws IOException {
    origin.says("/a", 200, "hello");

    Verdict verdict = live.change(distribution("EB", List.of(), behavior("*", "MISSING")));

    assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    assertThat(edge().revision()).isEqualTo(3);
    assertThat(visitor().get("/a").status()).isEqualTo(200);
  }

  @Test
  void a_certificate_that_cannot_be_read_is_rejected() {
    Verdict verdict = live.change(new ZoneCertificate("*.warmfront.localhost", "no", "no"));

    assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    assertThat(((Verdict.Rejected) verdict).revision()).isEqualTo(4);
  }

  @Test
  void what_is_no_request_is_refused_and_counted() throws IOException {
    try (Socket socket = visitor().connect()) {
      socket.getOutputStream().write(bytes("GET / HTTP/1.1\r\nbad line\r\n\r\n"));
      assertThat(Visitor.read(socket, "GET").status()).isEqualTo(400);
    }

    LiveEdge.eventually(() -> !edge().counters().requests().refused().isEmpty());
    assertThat(edge().counters().requests().refused())
        .containsExactly(new Counters.Refusals("FRA", Reason.MALFORMED, 1));
  }

  @Test
  void requests_are_counted_and_logged() throws IOException {
    origin.says("/a", 200, "hello");
    visitor().get("/a");
    live.awaitFinished(1); // a viewer may have its answer before it is noted
    visitor().get("/a");
    live.awaitFinished(2);

    assertThat(edge().counters().requests().requests())
        .containsExactlyInAnyOrder(
            new Counters.Requests("FRA", "EA", ResultType.MISS, 2, 1),
            new Counters.Requests("FRA", "EA", ResultType.HIT, 2, 1));
    edge().close();
    List<String> rows = logRows();
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst().split("\t")).hasSize(33).contains("Miss", "/a", "200", "FRA1-P1");
    assertThat(rows.getLast()).contains("\tHit\t");
  }

  @Test
  void draining_lets_a_request_end() throws Exception {
    var go = new CountDownLatch(1);
    origin.on(
        "/a",
        exchange -> {
          await(go);
          answer(exchange, 200, "hello");
        });
    Future<Answer> answer = viewers.submit(() -> visitor().get("/a"));
    LiveEdge.eventually(() -> !origin.asked.isEmpty());
    Future<Boolean> drained = viewers.submit(() -> edge().drain(Duration.ofSeconds(10)));

    go.countDown();

    assertThat(answer.get().body()).isEqualTo("hello");
    assertThat(drained.get()).isTrue();
  }

  private Edge edge() {
    return live.edge();
  }

  private Visitor visitor() {
    return live.visitor();
  }

  private List<String> logRows() throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .forEach(rows::add);
        }
      }
    }
    return rows;
  }

  /** Reads a response's head and the first five bytes of its body. */
  private static String begin(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    while (!Visitor.line(in).isEmpty()) {}
    return new String(in.readNBytes(5), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void echo(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    answer(exchange, 200, exchange.getRequestMethod() + " " + body);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
