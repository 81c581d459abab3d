package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.NameSet;
import warmfront.edge.Inspection.Found;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.http.Fields;

/** The operator is told how a response comes about, whether the distribution explains or not. */
final class InspectionTest {
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);

  @AutoClose private final LiveEdge live;

  InspectionTest(@TempDir Path data) throws IOException {
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA)
            .serving(
                List.of(policy("P"), policy("K", NameSet.only("X-Key"), NameSet.ALL, NameSet.ALL)),
                behavior("*", "P"),
                behavior("/keyed/*", "K"),
                behavior("/secure/*", "P", ViewerProtocol.REDIRECT_TO_HTTPS, Pictures.READ));
    live.origin.says("/a", 200, "hello", "Cache-Control", "max-age=100");
    live.origin.says("/keyed/a", 200, "hello", "Cache-Control", "max-age=100");
    live.origin.says("/secure/a", 200, "hello", "Cache-Control", "max-age=100");
  }

  private Found asked(String url, String... fields) throws Exception {
    return live.edge()
        .explain(new Inspection.Question(URI.create(url), Fields.of(fields), NOBODY), FIRST)
        .get(20, TimeUnit.SECONDS);
  }

  private static final Optional<String> FIRST = Optional.empty();

  @Test
  void it_is_told_as_a_viewer_would_be_answered() throws Exception {
    Found miss = asked("http://WWW.example.com:8080/a?q=1");
    Found hit = asked("http://www.example.com/a");
    Found keyed = asked("http://www.example.com/keyed/a?x=1", "X-Key", "hush");
    Found unknown = asked("http://elsewhere.example/");

    assertThat(miss)
        .isEqualTo(
            new Found(
                200,
                "Miss",
                -1,
                "fwd=miss; stored",
                "behavior * of EA; origin site at origin.test; key: path /a;"
                    + " Miss: the cache did not have it, and has it now"));
    assertThat(hit.result()).isEqualTo("Hit");
    assertThat(hit.ageSeconds()).isZero();
    assertThat(hit.explanation()).endsWith("Hit: the cache had it, fresh");
    assertThat(keyed.explanation())
        .contains("behavior /keyed/* of EA", "query x=1", "headers X-Key")
        .doesNotContain("hush");
    assertThat(unknown.status()).isEqualTo(403);
    assertThat(unknown.explanation()).isEmpty();
  }

  @Test
  void viewers_profit_by_what_was_fetched_and_see_no_explanation() throws Exception {
    asked("http://www.example.com/a");

    Visitor.Answer answer = live.visitor().get("/a", "Warmfront-Explain", "on");

    assertThat(answer.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(answer.fields().has("Warmfront-Explain")).isFalse();
    assertThat(live.origin.asked).hasSize(1);
  }

  @Test
  void the_scheme_is_the_viewers() throws Exception {
    Found plain = asked("http://www.example.com/secure/a");
    Found secure = asked("https://www.example.com/secure/a");

    assertThat(plain.status()).isEqualTo(301);
    assertThat(plain.explanation()).endsWith("Redirect: the edge sends the viewer elsewhere");
    assertThat(secure.status()).isEqualTo(200);
  }

  @Test
  void it_is_in_no_log_and_in_no_counter_of_requests() throws Exception {
    asked("http://www.example.com/a");
    live.visitor().get("/a");
    live.awaitFinished(1);

    assertThat(
            live.edge().counters().requests().requests().stream()
                .mapToLong(Counters.Requests::count)
                .sum())
        .isEqualTo(1);
  }

  @Test
  void what_no_viewer_could_ask_for_is_refused() {
    for (String wrong : List.of("", "/a", "ftp://www.example.com/", "http://me@x/", "http:///a")) {
      assertThatThrownBy(() -> asked(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> asked("http://www.example.com/", "Host", "other.example"))
        .hasMessage("the host is the one of the URL");
    Inspection.Question question =
        new Inspection.Question(URI.create("http://x/"), Fields.empty(), NOBODY);
    assertThatThrownBy(() -> live.edge().explain(question, Optional.of("LAX")))
        .hasMessageContaining("LAX");
  }
}
