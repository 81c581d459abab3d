package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.NameSet;
import warmfront.distribution.Remedies;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/** What live streams over HTTP ask of an edge: HLS with low latency (RFC 8216bis), DASH, CMAF. */
final class LiveFriendlyTest {
  private static final int VIEWERS = 30;

  private final ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor();
  private final LiveEdge live;

  LiveFriendlyTest(@TempDir Path folder) throws IOException {
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    live.serving(List.of(reload()), behavior("*", "P"));
  }

  @AfterEach
  void close() {
    viewers.shutdownNow();
    live.close();
  }

  /**
   * Lifetimes as CloudFront's guide of live streaming has them, and the reload's words in the key.
   */
  private static CachePolicy reload() {
    CachePolicy plain =
        policy("P", NameSet.NONE, NameSet.NONE, NameSet.only("_HLS_msn", "_HLS_part", "_HLS_skip"));
    return new CachePolicy(
        "P",
        "P",
        Duration.ZERO,
        Duration.ofSeconds(5),
        Duration.ofDays(365),
        true,
        true,
        plain.headers(),
        plain.cookies(),
        plain.queryStrings());
  }

  private void errorsLive(Map<Integer, Duration> ttl) {
    Distribution plain =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            origin("origin.test", live.origin.port()),
            behavior("*", "P"));
    Distribution other =
        new Distribution(
            plain.id(),
            plain.domainName(),
            true,
            plain.aliases(),
            "",
            true,
            true,
            plain.priceClass(),
            plain.origins(),
            plain.behaviors(),
            plain.defaultBehavior(),
            ttl,
            Optional.empty(),
            Optional.empty(),
            plain.wishes(),
            Entrance.PLAIN,
            Remedies.NONE);
    assertThat(live.change(other)).isEqualTo(new Verdict.Applied());
  }

  private int statusAfter(Duration time, String path) throws IOException {
    live.clock.advance(time);
    return live.visitor().get(path).status();
  }

  @Test
  void a_segment_that_is_not_there_yet_is_asked_for_again_after_the_time_that_errors_have()
      throws IOException {
    errorsLive(Map.of(404, Duration.ofSeconds(1)));
    var there = new CountDownLatch(1);
    live.origin.on(
        "/9.m4s",
        exchange ->
            ScriptedOrigin.answer(
                exchange,
                there.getCount() > 0 ? 404 : 200,
                "x",
                "Cache-Control",
                there.getCount() > 0 ? "max-age=1" : "max-age=60"));

    assertThat(statusAfter(Duration.ZERO, "/9.m4s")).isEqualTo(404);
    assertThat(statusAfter(Duration.ofMillis(900), "/9.m4s")).isEqualTo(404);
    assertThat(live.origin.asked).hasSize(1);
    there.countDown();

    assertThat(statusAfter(Duration.ofMillis(200), "/9.m4s")).isEqualTo(200);
  }

  @Test
  void an_origin_may_have_a_segment_that_is_not_there_asked_for_at_once_by_no_store()
      throws IOException {
    live.origin.says("/9.m4s", 404, "x", "Cache-Control", "no-store");

    assertThat(statusAfter(Duration.ZERO, "/9.m4s")).isEqualTo(404);
    assertThat(statusAfter(Duration.ZERO, "/9.m4s")).isEqualTo(404);
    assertThat(live.origin.asked).hasSize(2);
  }

  @Test
  void those_who_wait_for_one_part_of_a_playlist_are_one_question_to_the_origin_for_each_part()
      throws Exception {
    var ready = new CountDownLatch(1);
    live.origin.on(
        "/live.m3u8",
        exchange -> {
          await(ready);
          ScriptedOrigin.answer(
              exchange, 200, exchange.getRequestURI().getQuery(), "Cache-Control", "max-age=6");
        });
    String first = "/live.m3u8?_HLS_msn=7&_HLS_part=1";
    String next = "/live.m3u8?_HLS_msn=7&_HLS_part=2";
    List<Future<Visitor.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      String target = (i % 2 == 0 ? first : next) + (i % 3 == 0 ? "&session=" + i : "");
      answers.add(viewers.submit(() -> live.visitor().get(target)));
    }
    try (Socket leaving = live.visitor().connect()) {
      live.visitor().send(leaving, "GET", first, "");
    }
    LiveEdge.eventually(() -> live.edge().counters().exchanges() >= VIEWERS);
    ready.countDown();

    for (int i = 0; i < VIEWERS; i++) {
      assertThat(answers.get(i).get().status()).isEqualTo(200);
      assertThat(answers.get(i).get().body())
          .isEqualTo("_HLS_msn=7&_HLS_part=" + (i % 2 == 0 ? 1 : 2));
    }
    assertThat(live.origin.asked).hasSize(2);
  }

  @Test
  void a_part_that_is_being_made_is_there_for_each_viewer_as_far_as_it_is_made() throws Exception {
    var firstIsRead = new CountDownLatch(1);
    live.origin.on(
        "/9.m4s",
        exchange -> {
          exchange.getResponseHeaders().add("Cache-Control", "max-age=60");
          exchange.sendResponseHeaders(200, 0); // in chunks
          OutputStream out = exchange.getResponseBody();
          out.write("moof".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          await(firstIsRead);
          out.write("mdat".getBytes(StandardCharsets.US_ASCII));
          out.close();
        });
    try (Socket first = asking();
        Socket late = asking()) {
      assertThat(chunk(first.getInputStream())).isEqualTo("moof");
      head(late.getInputStream());
      assertThat(chunk(late.getInputStream())).isEqualTo("moof");

      firstIsRead.countDown();

      assertThat(chunk(first.getInputStream())).isEqualTo("mdat");
      assertThat(chunk(late.getInputStream())).isEqualTo("mdat");
      assertThat(chunk(late.getInputStream())).isEmpty();
    }
    assertThat(live.origin.asked).hasSize(1);
  }

  /** Asks, and for the first viewer reads the head of the answer, so that the next one is late. */
  private Socket asking() throws IOException {
    Socket socket = live.visitor().connect();
    boolean first = live.origin.asked.isEmpty();
    live.visitor().send(socket, "GET", "/9.m4s", "");
    if (first) {
      head(socket.getInputStream());
    }
    return socket;
  }

  private static void head(InputStream in) throws IOException {
    String line = Visitor.line(in);
    assertThat(line).isEqualTo("HTTP/1.1 200 OK");
    while (!line.isEmpty()) {
      line = Visitor.line(in);
    }
  }

  private static String chunk(InputStream in) throws IOException {
    int size = Integer.parseInt(Visitor.line(in), 16);
    String text = new String(in.readNBytes(size), StandardCharsets.US_ASCII);
    Visitor.line(in);
    return text;
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
