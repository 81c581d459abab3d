package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Stored;
import warmfront.time.Clock;

final class KillTest {
  private static final int KILLS = 5;
  private static final int KILLS_FULL = 200;

  @TempDir Path directory;

  @Test
  void a_process_killed_while_it_stores_leaves_nothing_but_whole_objects() throws Exception {
    kill(KILLS);
  }

  @Test
  @Tag("full")
  void two_hundred_kills_leave_nothing_but_whole_objects() throws Exception {
    kill(KILLS_FULL);
  }

  private void kill(int kills) throws Exception {
    Random random = new Random(21);
    int next = 0;
    for (int kill = 0; kill < kills; kill++) {
      next = storeAndKill(next, 200 + random.nextInt(400));

      Cache cache = KilledEdge.open(directory);
      int found = 0;
      for (int i = 0; i < next; i++) {
        found += isWhole(cache, i) ? 1 : 0;
      }
      assertThat(found).isGreaterThan(20);
      assertThat(cache.counters().diskErrors()).isZero();
      assertThat(cache.counters().quarantined()).isZero();
      cache.close();
    }
  }

  /** Runs a process until it has stored so many; returns a number that it has not reached. */
  private int storeAndKill(int from, int count) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledEdge.class.getName(),
                directory.toString(),
                Integer.toString(from))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int last = from;
    try (BufferedReader said = child.inputReader()) {
      @Nullable String line = said.readLine();
      while (line != null && last < from + count) {
        last = Integer.parseInt(line);
        line = said.readLine();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return last + 1000;
  }

  private static boolean isWhole(Cache cache, int number) throws InterruptedException {
    Lookup lookup = cache.look(Edge.key("/" + number), Edge.RULE, Clock.system().nanos());
    if (lookup instanceof Lookup.OnDisk(Lookup.Promotion promotion)) {
      lookup = promotion.await();
    }
    return switch (lookup) {
      case Lookup.Hit(Stored stored) -> {
        assertThat(Edge.read(stored)).isEqualTo(KilledEdge.body(number));
        yield true;
      }
      case Lookup.Miss(Fill fill) -> {
        fill.abandon();
        yield false;
      }
      case Lookup other -> throw new AssertionError(other);
    };
  }
}
