package warmfront.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies that are read into memory, and how much of it they take at most. */
final class GatheringTest {
  private final List<Gathering.Gathered> ended = new ArrayList<>();

  @Test
  void a_body_up_to_the_limit_is_whole_and_one_byte_more_is_too_long() {
    var budget = new Gathering.Budget(100);

    Gathering.of(Flow.of(new byte[10]), 10, budget, ended::add);
    Gathering.of(Flow.of(new byte[11]), 10, budget, ended::add);

    assertThat(ended.getFirst()).isInstanceOf(Gathering.Gathered.Whole.class);
    assertThat(ended.getLast()).isEqualTo(new Gathering.Gathered.TooLong());
  }

  @Test
  void all_bodies_together_have_a_limit_until_they_are_given_back() {
    var budget = new Gathering.Budget(15);

    Gathering.of(Flow.of(new byte[10]), 10, budget, ended::add);
    Gathering.of(Flow.of(new byte[10]), 10, budget, ended::add);
    budget.giveBack(10);
    Gathering.of(Flow.of(new byte[10]), 10, budget, ended::add);

    assertThat(ended.get(1)).isEqualTo(new Gathering.Gathered.NoRoom());
    assertThat(ended.get(2)).isInstanceOf(Gathering.Gathered.Whole.class);
  }
}
