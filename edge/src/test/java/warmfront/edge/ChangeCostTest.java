package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/**
 * What a change costs an edge does not grow with what else the edge serves. It is counted in bytes
 * that the thread of pictures allocates: whoever looks at everything makes lists or iterators of
 * it.
 */
final class ChangeCostTest {
  private static final int FEW = 100;
  private static final int MANY = 10_000;
  private static final int TAKEN = 41;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  /** Each is another one at each call, of what there are few and many of. */
  private static final Map<String, IntFunction<Resource>> CHANGES =
      new LinkedHashMap<>(
          Map.of(
              "a distribution changes",
              i -> site(i % FEW, "Q"),
              "a distribution is new",
              i -> site(MANY + i, "P"),
              "a tenant changes",
              i -> tenant(i % FEW, "new-"),
              "a policy of one distribution changes",
              _ -> policy("R"),
              "an invalidation",
              i -> new Invalidation("I" + i, "E1", List.of("/a-" + i, "/b*"))));

  @Test
  void a_change_costs_the_same_among_ten_thousand_as_among_a_hundred() throws Exception {
    Map<String, Long> few = bytes(FEW);
    Map<String, Long> many = bytes(MANY);

    // The tables are of a thousand small maps, of which a change copies those that it is in.
    few.forEach((change, bytes) ->
        assertThat(many.get(change)).as(change + ": " + few + many).isLessThan(2 * bytes + 8_192));
  }

  private Map<String, Long> bytes(int count) throws Exception {
    EdgeConfig.Storage storage =
        new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0);
    try (LiveEdge edge = new LiveEdge(folder.resolve("" + count), storage, Visits.FRA)) {
      edge.serving(List.of(policy("P"), policy("Q"), policy("R")), behavior("*", "R"));
      edge.change(new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true));
      edge.change(
          distribution("EM", List.of(), origin("{{name}}.example.net", 80), behavior("*", "P"))
              .withEntrance(Entrance.PLAIN.withTenancy(new Tenancy(Map.of("name", "usual")))));
      for (int i = 0; i < count; i++) {
        assertThat(edge.change(site(i, "P"))).isEqualTo(new Verdict.Applied());
        assertThat(edge.change(tenant(i, ""))).isEqualTo(new Verdict.Applied());
      }
      Map<String, Long> bytes = new LinkedHashMap<>();
      CHANGES.forEach((name, change) -> bytes.put(name, median(edge, change)));
      return bytes;
    }
  }

  private static long median(LiveEdge edge, IntFunction<Resource> change) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < TAKEN; i++) {
      Resource next = change.apply(i);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Verdict verdict = edge.change(next);
      all.add(THREADS.getCurrentThreadAllocatedBytes() - before);
      assertThat(verdict).isEqualTo(new Verdict.Applied());
    }
    return all.stream().sorted().skip(TAKEN / 2).findFirst().orElseThrow();
  }

  private static Distribution site(int number, String policy) {
    return distribution(
        "E" + number,
        List.of("www-" + number + ".example.com"),
        origin("origin.test", 80),
        behavior("*", policy));
  }

  private static Tenant tenant(int number, String prefix) {
    return new Tenant(
        "dt_" + number,
        "EM",
        true,
        List.of(prefix + "tenant-" + number + ".example.com"),
        Map.of(),
        "cg_1",
        Optional.empty(),
        Optional.empty());
  }
}
