package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Wishes;
import warmfront.edge.cache.CacheLimits;

/** What an edge tells of that was written to at an origin. */
final class WritesTest {
  private final LiveEdge live;
  private final List<String> told = new CopyOnWriteArrayList<>();

  WritesTest(@TempDir Path folder) throws IOException {
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    live.edge().tell((distribution, path) -> told.add(distribution + " " + path));
    live.origin.says("/ok", 200, "done").says("/no", 403, "no");
  }

  @AfterEach
  void close() {
    live.close();
  }

  private void serving(boolean invalidates) {
    live.serving(List.of(policy("P")), behavior("*", "P"));
    live.change(
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                origin("origin.test", live.origin.port()),
                behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL))
            .withWishes(Wishes.NONE.withInvalidatesWritten(invalidates)));
  }

  @Test
  void a_write_that_the_origin_took_is_told_of() throws IOException {
    serving(true);

    live.visitor().ask("PUT", "/ok/a?x=1", "body");
    live.visitor().ask("DELETE", "/ok/b", "");

    assertThat(told).containsExactly("EA /ok/a", "EA /ok/b");
  }

  @Test
  void a_read_and_a_write_that_failed_are_not() throws IOException {
    serving(true);

    live.visitor().get("/ok/a");
    live.visitor().ask("OPTIONS", "/ok/a", "");
    live.visitor().ask("PUT", "/no/a", "body");

    assertThat(told).isEmpty();
  }

  @Test
  void nor_is_any_if_the_distribution_does_not_ask_for_it() throws IOException {
    serving(false);

    live.visitor().ask("PUT", "/ok/a", "body");

    assertThat(told).isEmpty();
  }
}
