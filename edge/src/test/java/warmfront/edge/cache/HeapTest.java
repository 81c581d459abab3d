package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import warmfront.time.ManualClock;

/** Objects that take more of the heap than of the memory for bodies. */
final class HeapTest {
  private static final long HEAP = 64 << 10;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));

  private Edge edge() {
    CacheLimits limits = Limits.of(Edge.limits(8L * Edge.MIB)).heapBytes(HEAP).make();
    return new Edge(limits, List.of(), _ -> new FaultyStorage(Path.of(".")), clock);
  }

  @Test
  void objects_without_bodies_do_not_fill_the_heap() {
    try (Edge edge = edge()) {
      for (int i = 0; i < 500; i++) {
        edge.store("/" + i, new byte[0]);
      }

      assertThat(edge.cache.counters().memoryObjects()).isBetween(40L, 64L);
      assertThat(edge.hit("/499")).isEmpty();
    }
  }

  @Test
  void long_headers_count() {
    String kib = "x".repeat(1024);
    try (Edge edge = edge()) {
      for (int i = 0; i < 100; i++) {
        edge.store("/" + i, new byte[1], "X-Long", kib.repeat(7));
      }

      assertThat(edge.cache.counters().memoryObjects()).isBetween(4L, 8L);
    }
  }
}
