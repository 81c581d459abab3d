package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

final class SheddingTest {
  @Test
  void nothing_is_shed_below_the_mark_or_for_a_short_peak() {
    Shedding shedding = new Shedding();

    for (int second = 0; second < 600; second++) {
      assertThat(shedding.next(second % 60 == 0 ? 1 : 0.65)).isZero();
    }
  }

  @Test
  void an_edge_that_is_asked_for_too_much_settles_below_its_limit_without_swinging() {
    Shedding shedding = new Shedding();
    // What resolvers were told 20 s ago is what the edge sees now.
    Deque<Integer> told = new ArrayDeque<>();
    for (int i = 0; i < 20; i++) {
      told.add(0);
    }
    double lowest = 1;
    double highest = 0;
    for (int second = 0; second < 900; second++) {
      double utilisation = 1.5 * (1 - told.remove() / 100.0);
      told.add(shedding.next(utilisation));
      if (second > 600) {
        lowest = Math.min(lowest, utilisation);
        highest = Math.max(highest, utilisation);
      }
    }

    assertThat(lowest).isGreaterThan(0.8);
    assertThat(highest).isLessThan(1.0);
  }

  @Test
  void never_all_is_shed_and_all_comes_back() {
    Shedding shedding = new Shedding();
    int shed = 0;
    for (int second = 0; second < 600; second++) {
      shed = shedding.next(5);
    }
    assertThat(shed).isEqualTo(90);

    for (int second = 0; second < 600; second++) {
      shed = shedding.next(0.3);
    }
    assertThat(shed).isZero();
  }
}
