package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.time.ManualClock;

/** A disk that is full for real: a small tmpfs, where the user may mount one. */
@Tag("full")
final class FullDiskTest {
  private static final int SIZE = 100_000;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=32m", "warmfront-test", directory.toString());
    assumeTrue(mounted, "may not mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", directory.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Edge edge() {
    CacheLimits limits = Edge.limits(16L * Edge.MIB, Edge.MIB, 10);
    return new Edge(limits, List.of(new DiskSpace(directory, 1L << 30, Edge.MIB)), clock);
  }

  @Test
  void a_file_system_smaller_than_it_was_said_to_be_is_used_up_to_the_reserve() {
    try (Edge edge = edge()) {
      for (int i = 0; i < 500; i++) {
        edge.keep("/" + i, Bodies.random(SIZE, i));
      }
      assertThat(edge.cache.counters().diskErrors()).isZero();
      assertThat(edge.cache.counters().diskBytes()).isBetween(20L * Edge.MIB, 31L * Edge.MIB);
    }
    try (Edge edge = edge()) {
      assertThat(edge.hit("/499")).isEqualTo(Bodies.random(SIZE, 499));
      assertThat(edge.cache.counters().quarantined()).isZero();
    }
  }

  @Test
  void one_that_others_fill_up_costs_what_does_not_fit_and_is_used_again_later() throws Exception {
    try (Edge edge = edge()) {
      edge.store("/before", Bodies.random(SIZE, 1));
      edge.drain();
      Path others = directory.resolve("others");
      fill(others);

      for (int i = 0; i < 20; i++) {
        edge.store("/" + i, Bodies.random(SIZE, i));
        edge.drain();
      }
      assertThat(edge.cache.counters().diskErrors()).isPositive();
      assertThat(edge.cache.counters().disksOut()).isZero();
      assertThat(edge.hit("/3")).isEqualTo(Bodies.random(SIZE, 3));

      Files.delete(others);
      clock.advance(Duration.ofSeconds(11));
      edge.store("/after", Bodies.random(SIZE, 2));
    }
    try (Edge edge = edge()) {
      assertThat(edge.hit("/before")).isEqualTo(Bodies.random(SIZE, 1));
      assertThat(edge.hit("/after")).isEqualTo(Bodies.random(SIZE, 2));
      assertThat(edge.cache.counters().quarantined()).isZero();
    }
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
