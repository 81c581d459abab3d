package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.time.Clock;

/** A disk with a million objects: how soon it serves after a stop and after a crash. */
@Tag("full")
final class MillionTest {
  private static final int OBJECTS = 1_000_000;

  @TempDir Path directory;

  @Test
  void a_start_with_a_million_objects_is_ready_within_two_seconds() throws Exception {
    Cache filled = open();
    for (int i = 0; i < OBJECTS; i++) {
      if (filled.look(Edge.key("/" + i), Edge.RULE, Clock.system().nanos())
          instanceof Lookup.Miss(Fill fill)) {
        Settled settled = filled.settle(fill, Edge.ok(body(i)), Edge.RULE);
        ((Settled.Storing) settled).stored().release();
      }
      if (i % 10_000 == 0) {
        assertThat(filled.drain(60_000)).isTrue();
      }
    }
    assertThat(filled.drain(60_000)).isTrue();
    assertThat(filled.counters().diskObjects()).isEqualTo(OBJECTS);

    // Not closed: as after a crash, the newest segment has no table.
    check(Clock.system().nanos(), "crash");
    check(Clock.system().nanos(), "stop");
    filled.close();
  }

  private void check(long from, String after) throws InterruptedException {
    Cache cache = open();
    Duration took = Duration.ofNanos(Clock.system().nanos() - from);
    assertThat(cache.drain(60_000)).isTrue(); // what was not found yet is found meanwhile
    Duration all = Duration.ofNanos(Clock.system().nanos() - from);
    System.out.printf(
        "ready %d ms after a %s, everything found after %d ms; %d bytes of index per object%n",
        took.toMillis(), after, all.toMillis(), cache.counters().indexBytes() / OBJECTS);
    assertThat(took).isLessThan(Duration.ofSeconds(2));
    assertThat(cache.counters().diskObjects()).isEqualTo(OBJECTS);
    for (int i = 0; i < OBJECTS; i += 997) {
      Lookup lookup = cache.look(Edge.key("/" + i), Edge.RULE, Clock.system().nanos());
      Lookup read = ((Lookup.OnDisk) lookup).promotion().await();
      Stored stored = ((Lookup.Hit) read).stored();
      assertThat(Edge.read(stored)).isEqualTo(body(i));
    }
    cache.close();
  }

  private Cache open() {
    return Cache.open(
        CacheLimits.ofMemory(256L << 20),
        List.of(new DiskSpace(directory, 8L << 30, 0)),
        Clock.system());
  }

  private static byte[] body(int number) {
    return Bodies.random(200 + number % 600, number);
  }
}
