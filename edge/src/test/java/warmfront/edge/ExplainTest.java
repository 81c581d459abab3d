package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.distribution.Wishes;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;

/** Responses that say how they came about, over real sockets. */
final class ExplainTest {
  @AutoClose private final LiveEdge live;
  private final ScriptedOrigin origin;

  ExplainTest(@TempDir Path data) throws IOException {
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA)
            .serving(
                List.of(
                    policy("P"),
                    noCaching("N"),
                    policy("K", NameSet.only("X-Key"), NameSet.ALL, NameSet.ALL)),
                behavior("*", "P"));
    origin = live.origin;
    origin.says("/a", 200, "hello", "Cache-Control", "max-age=100");
    origin.says("/keyed/a", 200, "hello", "Cache-Control", "no-store");
    origin.says("/none/a", 200, "hello");
    origin.says("/missing", 404, "");
  }

  private void explaining(boolean explains) {
    Distribution site =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            Pictures.origin("origin.test", origin.port()),
            behavior("*", "P"),
            behavior("/keyed/*", "K"),
            behavior("/none/*", "N", ViewerProtocol.ALLOW_ALL, ALL));
    live.change(site.withWishes(Wishes.NONE.withResponses(new Wishes.Responses(false, explains))));
  }

  @Test
  void a_miss_and_a_hit_say_what_they_are_and_how_long_the_object_lives() throws IOException {
    explaining(true);

    Answer miss = visitor().get("/a?q=1", "Accept-Encoding", "br, gzip");
    Answer hit = visitor().get("/a", "Accept-Encoding", "br, gzip");
    live.clock.advance(Duration.ofSeconds(101));
    Answer stale = visitor().get("/a", "Accept-Encoding", "br, gzip");

    assertThat(miss.field("Warmfront-Explain"))
        .isEqualTo(
            "behavior * of EA; origin site at origin.test; key: path /a, Accept-Encoding br,gzip;"
                + " Miss: the cache did not have it, and has it now");
    assertThat(hit.field("Warmfront-Explain")).endsWith("Hit: the cache had it, fresh");
    assertThat(hit.field("Warmfront-Lifetime"))
        .isEqualTo("max-age 100 s of the origin, from MinTTL 1 s to MaxTTL 31536000 s");
    assertThat(stale.field("Warmfront-Explain"))
        .endsWith("Miss: the cache had it, stale, and the origin sent another");
  }

  @Test
  void of_cookies_and_headers_the_names_alone_are_said() throws IOException {
    explaining(true);

    Answer answer = visitor().get("/keyed/a?x=1", "Cookie", "session=secret; b=2", "X-Key", "hush");

    assertThat(answer.field("Warmfront-Explain"))
        .contains("behavior /keyed/* of EA", "query x=1", "cookies b session", "headers X-Key")
        .doesNotContain("secret", "hush");
  }

  @Test
  void what_is_not_kept_says_why() throws IOException {
    explaining(true);

    assertThat(visitor().get("/none/a").field("Warmfront-Explain"))
        .endsWith("Miss: the cache policy disables caching");
    assertThat(visitor().get("/missing").field("Warmfront-Explain"))
        .endsWith("Error: the origin said so");
    assertThat(visitor().get("/missing").field("Warmfront-Explain"))
        .endsWith("Error: the origin said so before, and errors are kept");
    assertThat(visitor().ask("POST", "/a", "x").field("Warmfront-Explain"))
        .endsWith("Error: the edge made it, because of method not allowed");
  }

  @Test
  void a_distribution_that_does_not_ask_for_it_explains_nothing() throws IOException {
    explaining(false);
    visitor().get("/a");

    Answer hit = visitor().get("/a", "Warmfront-Explain", "on");

    assertThat(hit.fields().has("Warmfront-Explain")).isFalse();
    assertThat(hit.fields().has("Warmfront-Lifetime")).isFalse();
  }

  @Test
  void errors_of_the_edge_say_why_in_proxy_status() throws IOException {
    explaining(false);
    origin.says("/broken", 500, "");

    assertThat(visitor().ask("POST", "/a", "x").field("Proxy-Status"))
        .isEqualTo("Warmfront; error=http_request_denied");
    assertThat(live.visitor(0, "nobody.example").get("/").field("Proxy-Status"))
        .isEqualTo("Warmfront; error=destination_not_found");
    assertThat(visitor().get("/broken").fields().has("Proxy-Status"))
        .as("the origin's own")
        .isFalse();
    origin.close();
    Answer away = visitor().get("/away");
    Answer again = visitor().get("/away");
    Answer alone = visitor().get("/none/away");
    assertThat(away.status()).isEqualTo(502);
    for (Answer answer : List.of(away, again, alone)) {
      assertThat(answer.field("Proxy-Status")).isEqualTo("Warmfront; error=connection_refused");
      assertThat(answer.field("X-Cache")).isEqualTo("Error from cloudfront");
    }
    assertThat(again.field("Cache-Status")).startsWith("Warmfront; hit");
    assertThat(alone.field("Cache-Status"))
        .isEqualTo("Warmfront; fwd=bypass; detail=caching-disabled");
  }

  private Visitor visitor() {
    return live.visitor();
  }
}
