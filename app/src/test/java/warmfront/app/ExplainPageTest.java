package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import warmfront.app.operator.OperatorServer.Answer;
import warmfront.edge.Inspection;

/** What the operator may ask of an edge, and what it says. */
final class ExplainPageTest {
  private final List<Inspection.Question> asked = new ArrayList<>();
  private final List<Optional<String>> where = new ArrayList<>();

  private ExplainPage page(Inspection.Found found) {
    return new ExplainPage((question, location) -> {
      asked.add(question);
      where.add(location);
      return CompletableFuture.completedFuture(found);
    });
  }

  @Test
  void all_that_is_asked_reaches_the_edge_and_all_that_is_found_is_shown() {
    ExplainPage page = page(new Inspection.Found(200, "Hit", 7, "hit", "because"));

    Answer answer =
        page.answer(
            Map.of(
                "url", "https://d1.example/a?b=c",
                "header", "Accept: text/html\nX-A:1\n",
                "viewer", "2001:db8::1",
                "location", "FRA"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":200,\"result\":\"Hit\",\"ageSeconds\":7,\"cacheStatus\":\"hit\","
                + "\"explanation\":\"because\"}\n");
    assertThat(asked.getFirst().url()).hasToString("https://d1.example/a?b=c");
    assertThat(asked.getFirst().fields().first("accept")).contains("text/html");
    assertThat(asked.getFirst().fields().first("x-a")).contains("1");
    assertThat(asked.getFirst().viewer().getAddress().getHostAddress())
        .isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(where).containsExactly(Optional.of("FRA"));
  }

  @Test
  void a_host_that_nobody_has_is_said_in_words() {
    ExplainPage page = page(new Inspection.Found(403, "Error", -1, "", ""));

    Answer answer = page.answer(Map.of("url", "http://x/", "as", "text"));

    assertThat(answer.body()).contains("no distribution has this host").doesNotContain("age");
    assertThat(where).containsExactly(Optional.empty());
  }

  @Test
  void what_is_wrong_is_named() {
    ExplainPage page = page(new Inspection.Found(200, "Hit", 0, "", ""));

    assertThatThrownBy(() -> page.answer(Map.of())).hasMessageContaining("http://");
    assertThatThrownBy(() -> page.answer(Map.of("url", "http://x/", "viewer", "somebody")))
        .hasMessage("viewer is an IP address, not somebody");
    assertThatThrownBy(() -> page.answer(Map.of("url", "http://x/", "header", "no colon")))
        .hasMessage("header is NAME: VALUE, not no colon");
    assertThatThrownBy(() -> page.answer(Map.of("url", "http://x/", "header", "a b: c")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(asked).isEmpty();
  }
}
