package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ScanResistantTest {
  private static final long BUDGET = 1000;

  private final ScanResistant<Integer> eviction = new ScanResistant<>(BUDGET);
  private final Map<Integer, Item<Integer>> in = new HashMap<>();
  private long bytes;

  @Test
  void what_is_used_survives_a_scan() {
    for (int round = 0; round < 5; round++) {
      for (int hot = 1; hot <= 50; hot++) {
        use(hot, 10);
      }
    }

    for (int cold = 1000; cold < 11_000; cold++) {
      use(cold, 10);
      if (cold % 20 == 0) {
        use(1 + cold / 20 % 50, 10);
      }
    }

    long left = in.keySet().stream().filter(id -> id <= 50).count();
    assertThat(left).isGreaterThan(45);
    assertThat(bytes).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void what_comes_back_soon_after_it_left_is_kept_longer() {
    for (int id = 1; id <= 150; id++) {
      use(id, 10);
    }
    assertThat(in).doesNotContainKey(40);

    use(40, 10);
    for (int id = 1000; id < 1060; id++) {
      use(id, 10);
    }

    assertThat(in).containsKey(40);
  }

  @Test
  void what_is_held_never_leaves() {
    for (int id = 1; id <= 100; id++) {
      use(id, 10);
    }

    for (int i = 0; i < 99; i++) {
      int victim = Objects.requireNonNull(eviction.victim(id -> id != 7)).owner();
      assertThat(victim).isNotEqualTo(7);
    }

    assertThat(eviction.victim(id -> id != 7)).isNull();
  }

  private void use(int id, long size) {
    Item<Integer> there = in.get(id);
    if (there != null) {
      there.use();
      return;
    }
    Item<Integer> item = new Item<>(id, id * 0x9E3779B97F4A7C15L, size);
    in.put(id, item);
    bytes += size;
    eviction.admit(item);
    while (bytes > BUDGET) {
      Item<Integer> victim = Objects.requireNonNull(eviction.victim(_ -> true));
      in.remove(victim.owner());
      bytes -= victim.bytes();
    }
  }
}
