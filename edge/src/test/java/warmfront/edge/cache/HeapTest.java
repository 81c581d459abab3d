package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.time.ManualClock;

/** Objects that take more of the heap than of the memory for bodies. */
final class HeapTest {
  private static final long HEAP = 64 << 10;
  private static final int STORED = 20_000;

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

      assertThat(edge.cache.counters().memoryObjects()).isBetween(60L, 85L);
      assertThat(edge.hit("/499")).isEmpty();
    }
  }

  @Test
  void what_is_stored_consists_of_twelve_objects_of_its_own() {
    try (Edge edge = new Edge(Edge.limits(64L * Edge.MIB), List.of())) {
      byte[] body = new byte[100];
      store(edge, body, 0, 1000);
      long before = objects();

      store(edge, body, 1000, 1000 + STORED);

      double each = (objects() - before) / (double) STORED;
      assertThat(each).isBetween(8.0, 12.5);
    }
  }

  private static void store(Edge edge, byte[] body, int from, int to) {
    for (int i = from; i < to; i++) {
      Lookup missed = edge.cache.look(key("/" + i), Edge.RULE, edge.clock.nanos());
      Fetched.Answered answered = Edge.ok(body, "Content-Type", "text/plain");
      Edge.release(edge.settle(((Lookup.Miss) missed).fill(), answered));
    }
  }

  /** Returns a key of the form that the edge's keys have. */
  private static CacheKey key(String path) {
    byte[] canonical =
        ByteBuffer.allocate(2 * Integer.BYTES + 2 + path.length())
            .putInt(2)
            .put(new byte[] {'E', '1'})
            .putInt(path.length())
            .put(path.getBytes(StandardCharsets.US_ASCII))
            .array();
    int hash = path.hashCode() * 0x9E3779B9;
    return new CacheKey(hash, ~hash, canonical, "E1", path);
  }

  /** Returns how many objects are on the heap that something refers to. */
  private static long objects() {
    try {
      var histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      String total = histogram.lines().reduce((_, last) -> last).orElseThrow();
      return Long.parseLong(total.strip().split("\\s+", -1)[1]);
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void long_headers_count() {
    String kib = "x".repeat(1024);
    try (Edge edge = edge()) {
      for (int i = 0; i < 100; i++) {
        edge.store("/" + i, new byte[1], "X-Long", kib.repeat(7));
      }

      assertThat(edge.cache.counters().memoryObjects()).isBetween(5L, 10L);
    }
  }
}
