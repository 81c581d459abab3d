package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LifetimesTest {
  private final Lifetimes<Integer> lifetimes = new Lifetimes<>();

  @Test
  void nothing_comes_out_before_its_time_and_all_come_out_a_fifth_after_it() {
    Random random = new Random(11);
    List<Item<Integer>> left = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      long joins = i;
      Item<Integer> item = new Item<>(i, i, 1, joins + 1000 + random.nextLong(100_000));
      lifetimes.add(item, joins);
      left.add(item);
    }

    for (long now = 0; now < 130_000; now += 100) {
      @Nullable Item<Integer> item = lifetimes.poll(now, _ -> true);
      while (item != null) {
        assertThat(item.expires()).isLessThanOrEqualTo(now);
        assertThat(left.remove(item)).isTrue();
        item = lifetimes.poll(now, _ -> true);
      }
      long at = now;
      assertThat(left).noneMatch(one -> one.expires() + 25_000 < at);
    }
    assertThat(left).isEmpty();
  }

  @Test
  void one_that_is_held_does_not_hide_those_behind_it() {
    lifetimes.add(new Item<>(1, 1, 1, 5000), 0);
    lifetimes.add(new Item<>(2, 2, 1, 5000), 0);

    assertThat(lifetimes.poll(5000, id -> id == 2)).isNull();
    assertThat(owner(lifetimes.poll(5000, id -> id == 2))).isEqualTo(2);
    assertThat(owner(lifetimes.poll(5000, _ -> true))).isEqualTo(1);
    assertThat(lifetimes.poll(5000, _ -> true)).isNull();
  }

  @Test
  void what_never_expires_or_was_taken_out_does_not_come() {
    Item<Integer> taken = new Item<>(1, 1, 1, 5000);
    lifetimes.add(taken, 0);
    lifetimes.add(new Item<>(2, 2, 1, Item.NEVER), 0);

    lifetimes.remove(taken);
    lifetimes.remove(taken);

    assertThat(lifetimes.poll(Long.MAX_VALUE - 1, _ -> true)).isNull();
  }

  @Test
  void a_lifetime_of_centuries_and_one_that_is_over_are_lifetimes_too() {
    lifetimes.add(new Item<>(1, 1, 1, Long.MAX_VALUE / 2), 0);
    lifetimes.add(new Item<>(2, 2, 1, 10), 1000);

    assertThat(owner(lifetimes.poll(1000, _ -> true))).isEqualTo(2);
    assertThat(lifetimes.poll(1000, _ -> true)).isNull();
  }

  private static int owner(@Nullable Item<Integer> item) {
    return Objects.requireNonNull(item).owner();
  }
}
