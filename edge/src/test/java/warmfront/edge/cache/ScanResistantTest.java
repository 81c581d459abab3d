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
  private long now;

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
  void one_long_object_leaves_before_many_short_ones() {
    for (int id = 1; id <= 50; id++) {
      use(id, 10);
    }
    use(1000, 400);

    use(1001, 200);

    assertThat(in).doesNotContainKey(1000).hasSize(51);
  }

  @Test
  void what_has_expired_leaves_before_everything_else() {
    for (int id = 1; id <= 90; id++) {
      admit(id, 10, id % 2 == 0 ? 60_000 : Item.NEVER);
      there(id).use();
    }
    now = 60_000;

    for (int id = 1000; id < 1055; id++) {
      admit(id, 10, Item.NEVER);
    }

    assertThat(in.keySet().stream().filter(id -> id <= 90)).hasSize(45).allMatch(id -> id % 2 == 1);
  }

  @Test
  void what_has_expired_and_is_held_stays() {
    admit(1, 10, 1000);
    admit(2, 10, 1000);
    now = 5000;

    assertThat(Objects.requireNonNull(eviction.victim(now, id -> id != 1)).owner()).isEqualTo(2);
    assertThat(eviction.victim(now, id -> id != 1)).isNull();
    assertThat(Objects.requireNonNull(eviction.victim(now, _ -> true)).owner()).isEqualTo(1);
    assertThat(eviction.victim(now, _ -> true)).isNull();
  }

  @Test
  void what_is_held_never_leaves() {
    for (int id = 1; id <= 100; id++) {
      use(id, 10);
    }

    for (int i = 0; i < 99; i++) {
      int victim = Objects.requireNonNull(eviction.victim(now, id -> id != 7)).owner();
      assertThat(victim).isNotEqualTo(7);
    }

    assertThat(eviction.victim(now, id -> id != 7)).isNull();
  }

  @Test
  void what_was_forgotten_is_no_victim() {
    admit(1, 10, 1000);
    admit(2, 10, Item.NEVER);

    eviction.forget(there(1));
    eviction.forget(there(1));
    now = 5000;

    assertThat(Objects.requireNonNull(eviction.victim(now, _ -> true)).owner()).isEqualTo(2);
    assertThat(eviction.victim(now, _ -> true)).isNull();
  }

  private Item<Integer> there(int id) {
    return Objects.requireNonNull(in.get(id));
  }

  private void use(int id, long size) {
    Item<Integer> there = in.get(id);
    if (there != null) {
      there.use();
      return;
    }
    admit(id, size, Item.NEVER);
  }

  private void admit(int id, long size, long expires) {
    while (bytes + size > BUDGET) {
      Item<Integer> victim = Objects.requireNonNull(eviction.victim(now, _ -> true));
      in.remove(victim.owner());
      bytes -= victim.bytes();
    }
    Item<Integer> item = new Item<>(id, id, size, expires);
    in.put(id, item);
    bytes += size;
    eviction.admit(item, now);
  }
}
