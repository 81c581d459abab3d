package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Lookup;

final class HitTest {
  private static final int LOOKS = 200_000;

  @Test
  void a_hit_in_memory_makes_nothing_on_the_heap() {
    try (Edge edge = new Edge()) {
      edge.store("/a", new byte[1000]);
      edge.invalidate("/b");
      CacheKey key = Edge.key("/a");
      look(edge, key);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();

      look(edge, key);

      long perLook = (threads.getCurrentThreadAllocatedBytes() - before) / LOOKS;
      assertThat(perLook).isZero();
    }
  }

  private static void look(Edge edge, CacheKey key) {
    for (int i = 0; i < LOOKS; i++) {
      if (!(edge.cache.look(key, Edge.RULE, edge.clock.nanos()) instanceof Lookup.Hit hit)) {
        throw new AssertionError("not there");
      }
      hit.stored().release();
    }
  }
}
