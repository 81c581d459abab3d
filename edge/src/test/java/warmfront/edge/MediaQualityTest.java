package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.READ;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.Origin;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Remedies;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/** Two origins of which the better one is asked (CloudFront, "Media quality-aware resiliency"). */
final class MediaQualityTest {
  private final ScriptedOrigin second;
  private final LiveEdge live;
  private volatile String firstSays = "ot=v,mqs=90";
  private volatile String secondSays = "ot=v,mqs=90";
  private volatile int firstStatus = 200;
  private int number;

  MediaQualityTest(@TempDir Path folder) throws IOException {
    second = new ScriptedOrigin();
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    live.serving(List.of(policy("P")), behavior("*", "P"));
    live.origin.on("/", exchange -> answer(exchange, firstStatus, "first", firstSays));
    second.on("/", exchange -> answer(exchange, 200, "second", secondSays));
    assertThat(live.change(grouped())).isEqualTo(new Verdict.Applied());
  }

  @AfterEach
  void close() {
    live.close();
    second.close();
  }

  private static void answer(HttpExchange exchange, int status, String text, String cmsd)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("CMSD-Static", cmsd);
      exchange.sendResponseHeaders(status, -1);
    } else {
      ScriptedOrigin.answer(exchange, status, text, "CMSD-Static", cmsd);
    }
  }

  private Distribution grouped() {
    Behavior both =
        new Behavior(
            "*",
            "group",
            ViewerProtocol.ALLOW_ALL,
            ALL,
            READ,
            Optional.of("P"),
            Optional.empty(),
            Behavior.Options.NONE);
    Distribution plain =
        distribution("EA", List.of(LiveEdge.HOST), origin("origin.test", 80), behavior("*", "P"));
    return new Distribution(
        plain.id(),
        plain.domainName(),
        true,
        plain.aliases(),
        "",
        true,
        true,
        PriceClass.PRICE_CLASS_ALL,
        List.of(named("first", live.origin.port()), named("spare", second.port())),
        List.of(),
        both,
        plain.errorTtl(),
        Optional.empty(),
        Optional.empty(),
        plain.wishes(),
        plain.entrance(),
        new Remedies(
            plain.remedies().pages(),
            List.of(new Remedies.OriginGroup("group", "first", "spare", Set.of(500, 503), true))));
  }

  private static Origin named(String id, int port) {
    Origin any = origin("origin.test", port);
    return new Origin(
        id, any.domainName(), "", any.headers(), any.type(), any.attempts(), any.connectTimeout());
  }

  private String get(String path) throws IOException {
    return live.visitor().get(path).body();
  }

  /** Asks for a segment, and waits until the origin that was not asked for it has been probed. */
  private String probed(String path) throws IOException {
    int before = heads();
    live.clock.advance(Duration.ofSeconds(2));
    String body = get(path);
    LiveEdge.eventually(() -> heads() > before);
    return body;
  }

  private int heads() {
    return (int)
        java.util.stream.Stream.concat(live.origin.asked.stream(), second.asked.stream())
            .filter(one -> one.startsWith("HEAD "))
            .count();
  }

  /** A probe's answer comes a moment after the origin was asked. */
  private void eventually(String folder, String body) {
    LiveEdge.eventually(() -> {
      try {
        return get(folder + "later" + number++).equals(body);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void the_first_origin_is_asked_while_the_second_is_no_better_and_the_second_by_head()
      throws IOException {
    assertThat(probed("/a/1.m4s")).isEqualTo("first");
    assertThat(probed("/a/2.m4s")).isEqualTo("first");

    assertThat(second.asked).hasSize(2).allMatch(one -> one.startsWith("HEAD /a/"));
    assertThat(live.origin.asked).hasSize(2).allMatch(one -> one.startsWith("GET /a/"));
  }

  @Test
  void the_better_one_is_asked_next_until_it_is_the_worse() throws IOException {
    firstSays = "ot=v,com.example-mqcs=40";
    assertThat(probed("/a/1.m4s")).isEqualTo("first");
    eventually("/a/", "second");

    secondSays = "mqs=10;x=1";
    probed("/a/3.m4s");
    eventually("/a/", "first");
  }

  @Test
  void each_folder_has_scores_of_its_own() throws IOException {
    firstSays = "mqs=40";
    probed("/a/1.m4s");
    eventually("/a/", "second");

    assertThat(get("/b/1.m4s")).isEqualTo("first");
  }

  @Test
  void who_says_no_score_or_none_that_is_one_is_not_compared() throws IOException {
    for (String wrong : List.of("n=\"x,mqs=100\"", "mqs=101", "mqs=-1", "mqs", "xmqs=100")) {
      firstSays = "mqs=1";
      secondSays = wrong;
      probed("/a/" + wrong.hashCode());
      assertThat(probed("/a/again" + wrong.hashCode())).as(wrong).isEqualTo("first");
    }
  }

  @Test
  void a_score_is_forgotten_and_the_better_one_that_fails_is_stood_in_for() throws IOException {
    secondSays = "mqs=40";
    firstSays = "mqs=50";
    firstStatus = 503;

    assertThat(probed("/a/1.m4s")).isEqualTo("second");
    firstStatus = 200;
    firstSays = "mqs=30";
    probed("/a/2.m4s");
    eventually("/a/", "second");
    live.clock.advance(Duration.ofMinutes(1));

    assertThat(get("/a/last")).isEqualTo("first");
  }
}
