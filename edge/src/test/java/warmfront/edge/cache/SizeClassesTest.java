package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SizeClassesTest {
  private final SizeClasses<Integer> classes = new SizeClasses<>(1);

  @Test
  void a_long_object_goes_first_and_equal_ones_in_their_order() {
    add(1, 100);
    add(2, 5000);
    add(3, 100);
    add(4, 5000);

    assertThat(all()).containsExactly(2, 4, 1, 3);
    assertThat(classes.isEmpty()).isTrue();
    assertThat(classes.bytes()).isZero();
  }

  @Test
  void sizes_do_not_count_where_their_weight_is_nothing() {
    SizeClasses<Integer> alike = new SizeClasses<>(0);
    alike.add(item(1, 100));
    Item<Integer> used = item(2, 1 << 20);
    used.use();
    alike.add(used);

    assertThat(Objects.requireNonNull(alike.poll()).owner()).isEqualTo(1);
  }

  @Test
  void a_short_object_that_nobody_wants_goes_in_the_end() {
    add(1, 128);

    int longer = 0;
    int gone;
    do {
      add(2, 1024);
      longer++;
      gone = Objects.requireNonNull(classes.poll()).owner();
    } while (gone != 1 && longer < 100);

    assertThat(longer)
        .as("eight longer ones weigh as much, and the short one is not the first")
        .isEqualTo(9);
  }

  @Test
  void what_it_holds_is_what_was_added_and_not_taken_out() {
    Random random = new Random(7);
    List<Item<Integer>> in = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      int choice = random.nextInt(3);
      if (choice > 0 || in.isEmpty()) {
        Item<Integer> item = item(step, 1L << random.nextInt(40));
        classes.add(item);
        in.add(item);
      } else if (random.nextBoolean()) {
        classes.remove(in.remove(random.nextInt(in.size())));
      } else {
        assertThat(in.remove(Objects.requireNonNull(classes.poll()))).isTrue();
      }
      assertThat(classes.bytes()).isEqualTo(in.stream().mapToLong(Item::bytes).sum());
      if (in.size() > 60) {
        in.forEach(item -> assertThat(classes.holds(item)).isTrue());
        in.forEach(classes::remove);
        in.clear();
      }
    }
  }

  private List<Integer> all() {
    List<Integer> order = new ArrayList<>();
    while (!classes.isEmpty()) {
      order.add(Objects.requireNonNull(classes.poll()).owner());
    }
    return order;
  }

  private void add(int id, long bytes) {
    classes.add(item(id, bytes));
  }

  private static Item<Integer> item(int id, long bytes) {
    return new Item<>(id, id, bytes, Item.NEVER);
  }
}
