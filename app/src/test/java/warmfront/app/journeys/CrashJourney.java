package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: what the API acknowledged is there after a kill of its process, in its last version and
 * with all that belongs to it; what it did not is there as a whole or not at all; and callers go
 * on.
 */
final class CrashJourney {
  private static final int CALLERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void a_kill_amid_changes_loses_none_that_was_acknowledged() throws Exception {
    pass(160, 1);
  }

  @Test
  @Tag("full")
  void three_kills_in_a_thousand_changes_lose_none_that_was_acknowledged() throws Exception {
    pass(1_000, 3);
  }

  private void pass(int changes, int kills) throws Exception {
    try (Fleet fleet = Fleet.begin(folder)) {
      AtomicInteger acknowledged = new AtomicInteger();
      AtomicInteger broken = new AtomicInteger();
      List<Mutator> mutators = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        mutators.add(new Mutator(fleet.api(), "caller-" + i, acknowledged, broken));
      }

      // when the process is killed again and again
      try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
        List<Future<?>> callers = new ArrayList<>();
        for (Mutator mutator : mutators) {
          callers.add(
              threads.submit(() -> {
                mutator.goOn(changes);
                return mutator;
              }));
        }
        for (int kill = 1; kill <= kills; kill++) {
          int due = changes * kill / (kills + 1);
          Await.within(PATIENCE, due + " changes", () -> acknowledged.get() >= due);
          fleet.kill("control");
          fleet.startControl();
        }
        for (Future<?> caller : callers) {
          caller.get();
        }
      }

      // then everything is there, once, and the log has it, too: an edge obeys all of it
      assertThat(broken.get()).isPositive();
      List<String> made = new ArrayList<>();
      for (Mutator mutator : mutators) {
        made.addAll(mutator.check());
        mutator.close();
      }
      try (Api api = fleet.api()) {
        assertThat(Mutator.listed(api).values()).containsExactlyInAnyOrderElementsOf(made);
        fleet.registerLocation("FRA");
        fleet.registerEdge("fra-1", "FRA", "127.0.0.2");
        fleet.startAll(true, "fra-1");
        Await.within(
            PATIENCE,
            "all is Deployed",
            () -> made.stream().noneMatch(id -> status(api, id).equals("InProgress")));
      }
      assertThat(fleet.page("fra-1", "/status").body()).doesNotContain("\"held\"");
    }
  }

  private static String status(Api api, String id) {
    try {
      return api.call("GET", "distribution/" + id, "").text("Status");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }
}
