package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Remedies;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.http.Method;
import warmfront.snapshot.Subscriber.Verdict;

/** Two origins in a group (CloudFront, "Optimize high availability with origin failover"). */
final class FailoverTest {
  private static final Duration SILENCE = Duration.ofMillis(200);

  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final ScriptedOrigin second;
  private final LiveEdge live;

  FailoverTest(@TempDir Path folder) throws IOException {
    second = new ScriptedOrigin();
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
  }

  @AfterEach
  void close() {
    live.close();
    second.close();
  }

  private void open(CachePolicy policy) {
    live.serving(List.of(policy), behavior("*", policy.id()));
  }

  /** The first origin of the group is the edge's own, unless it listens elsewhere. */
  private void group(CachePolicy policy, int firstPort, Integer... statuses) {
    open(policy);
    Behavior both =
        new Behavior(
            "*",
            "group",
            ViewerProtocol.ALLOW_ALL,
            ALL,
            Set.of(Method.GET, Method.HEAD, Method.OPTIONS),
            Optional.of(policy.id()),
            Optional.empty(),
            Behavior.Options.NONE);
    use(firstPort < 0 ? live.origin.port() : firstPort, custom(second.port()), both, statuses);
  }

  private static Origin.Type custom(int port) {
    return new Origin.Custom(
        port, 443, Origin.Protocol.HTTP_ONLY, List.of("TLSv1.2"), SILENCE, Duration.ofSeconds(5));
  }

  private void use(int firstPort, Origin.Type spare, Behavior behavior, Integer... statuses) {
    Origin first = origin("origin.test", firstPort);
    Origin other = origin("spare.s3.test", 80);
    Distribution plain = distribution("EA", List.of(LiveEdge.HOST), first, behavior("*", "P"));
    Distribution grouped =
        new Distribution(
            plain.id(),
            plain.domainName(),
            true,
            plain.aliases(),
            "",
            true,
            true,
            plain.priceClass(),
            List.of(
                new Origin(
                    "first", "origin.test", "", first.headers(), custom(firstPort), 1, CONNECT),
                new Origin("spare", other.domainName(), "", other.headers(), spare, 1, CONNECT)),
            List.of(),
            behavior,
            plain.errorTtl(),
            plain.logging(),
            plain.cacheTagHeader(),
            plain.wishes(),
            plain.entrance(),
            new Remedies(
                plain.remedies().pages(),
                List.of(new Remedies.OriginGroup("group", "first", "spare", Set.of(statuses)))));
    assertThat(live.change(grouped)).isEqualTo(new Verdict.Applied());
  }

  @Test
  void the_second_origin_is_asked_after_a_status_of_the_list_and_its_answer_is_cached()
      throws IOException {
    group(policy("P"), -1, 500, 503);
    live.origin.says("/a", 503, "no");
    second.says("/a", 200, "yes", "Cache-Control", "max-age=60");

    Visitor.Answer miss = live.visitor().get("/a");
    Visitor.Answer hit = live.visitor().get("/a");

    assertThat(miss.status()).isEqualTo(200);
    assertThat(miss.body()).isEqualTo("yes");
    assertThat(miss.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(hit.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(live.origin.asked).hasSize(1);
    assertThat(second.asked).hasSize(1);
    assertThat(live.edge().counters().requests().failovers())
        .containsExactly(new Counters.Failovers("FRA", "EA", 1));
  }

  @Test
  void the_first_origin_is_asked_first_for_every_miss() throws IOException {
    group(policy("P"), -1, 503);
    live.origin.says("/", 503, "no");
    second.says("/", 200, "yes", "Cache-Control", "max-age=60");

    live.visitor().get("/a");
    live.visitor().get("/b");

    assertThat(live.origin.asked).hasSize(2);
    assertThat(second.asked).hasSize(2);
  }

  @Test
  void a_status_that_is_not_listed_and_a_redirect_are_the_answer() throws IOException {
    group(policy("P"), -1, 503);
    live.origin.says("/not-there", 404, "gone").says("/moved", 302, "", "Location", "/b");

    assertThat(live.visitor().get("/not-there").status()).isEqualTo(404);
    assertThat(live.visitor().get("/moved").status()).isEqualTo(302);
    assertThat(second.asked).isEmpty();
  }

  @Test
  void if_both_fail_the_viewer_gets_what_the_second_says() throws IOException {
    group(policy("P"), -1, 503, 404);
    live.origin.says("/a", 503, "first");
    second.says("/a", 404, "second");

    Visitor.Answer answer = live.visitor().get("/a");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("second");
  }

  @Test
  void a_connection_that_does_not_come_about_fails_over_only_if_503_is_listed() throws IOException {
    int closed;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      closed = server.getLocalPort();
    }
    second.says("/", 200, "yes");
    group(policy("P"), closed, 500, 502, 504);
    assertThat(live.visitor().get("/a").status()).isEqualTo(502);
    assertThat(second.asked).isEmpty();

    group(policy("P"), closed, 503);
    assertThat(live.visitor().get("/b").body()).isEqualTo("yes");
  }

  @Test
  void a_silent_origin_fails_over_only_if_504_is_listed() throws Exception {
    second.says("/", 200, "yes");
    assertThat(statusOfSilence("/a", 503)).isEqualTo(504);
    assertThat(second.asked).isEmpty();

    assertThat(statusOfSilence("/b", 504)).isEqualTo(200);
  }

  private int statusOfSilence(String path, int listed) throws Exception {
    var end = new CountDownLatch(1);
    group(policy("P"), -1, listed);
    live.origin.on(path, _ -> await(end));
    live.origin.asked.clear();
    try (ExecutorService viewers = Executors.newCachedThreadPool()) {
      Future<Visitor.Answer> answer = viewers.submit(() -> live.visitor().get(path));
      LiveEdge.eventually(() -> !live.origin.asked.isEmpty());
      live.clock.advance(SILENCE.plusSeconds(1));
      return answer.get().status();
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void what_changes_something_goes_to_the_first_origin_alone() throws IOException {
    group(policy("P"), -1, 503);
    live.origin.says("/a", 503, "no");
    second.says("/a", 200, "yes");

    assertThat(live.visitor().ask("POST", "/a", "").status()).isEqualTo(503);
    assertThat(live.visitor().ask("OPTIONS", "/a", "").body()).isEqualTo("yes");
    assertThat(second.asked).hasSize(1);
  }

  @Test
  void what_is_not_cached_fails_over_too() throws IOException {
    group(Pictures.noCaching("P"), -1, 503);
    live.origin.says("/a", 503, "no");
    second.says("/a", 200, "yes");

    assertThat(live.visitor().get("/a").body()).isEqualTo("yes");
    assertThat(live.visitor().get("/a").body()).isEqualTo("yes");
  }

  @Test
  void a_stale_object_is_confirmed_by_the_second_origin() throws IOException {
    group(policy("P"), -1, 503);
    live.origin.says("/a", 503, "no");
    List<String> conditions = new ArrayList<>();
    second.on(
        "/a",
        exchange -> {
          String tag = exchange.getRequestHeaders().getFirst("If-None-Match");
          if (tag == null) {
            ScriptedOrigin.answer(
                exchange, 200, "yes", "ETag", "\"1\"", "Cache-Control", "max-age=60");
          } else {
            conditions.add(tag);
            ScriptedOrigin.answer(exchange, 304, "", "ETag", "\"1\"");
          }
        });

    live.visitor().get("/a");
    live.clock.advance(Duration.ofMinutes(2));
    Visitor.Answer again = live.visitor().get("/a");

    assertThat(again.body()).isEqualTo("yes");
    assertThat(again.field("X-Cache")).isEqualTo("RefreshHit from cloudfront");
    assertThat(conditions).containsExactly("\"1\"");
  }

  @Test
  void the_second_origin_is_asked_for_the_same_range() throws IOException {
    group(Pictures.noCaching("P"), -1, 503);
    live.origin.says("/a", 503, "no");
    second.says("/a", 206, "el", "Content-Range", "bytes 1-2/5");

    Visitor.Answer part = live.visitor().get("/a", "Range", "bytes=1-2");

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("el");
    assertThat(second.asked.getFirst()).contains("Range=[bytes=1-2]");
  }

  @Test
  void a_bucket_that_is_second_is_signed_by_its_own_access_control() throws IOException {
    open(policy("P"));
    live.origin.says("/a", 404, "no");
    second.says("/spare/a", 200, "yes");
    live.change(
        new S3Endpoint(
            "s3.test", URI.create("http://127.0.0.1:" + second.port()), "us-east-1", "AK", "SK"));
    live.change(new OriginAccessControl("OAC", "o", OriginAccessControl.Signing.ALWAYS));
    Behavior both =
        new Behavior(
            "*",
            "group",
            ViewerProtocol.ALLOW_ALL,
            Pictures.READ,
            Pictures.READ,
            Optional.of("P"),
            Optional.empty(),
            Behavior.Options.NONE);
    use(live.origin.port(), new Origin.S3(Optional.of("OAC"), SILENCE), both, 404);

    assertThat(live.visitor().get("/a").body()).isEqualTo("yes");
    assertThat(live.origin.asked.getFirst()).doesNotContain("Authorization");
    assertThat(second.asked.getFirst()).contains("AWS4-HMAC-SHA256");
  }
}
