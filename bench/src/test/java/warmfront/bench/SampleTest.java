package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SampleTest {
  @Test
  void the_median_of_an_odd_number_of_rounds_is_the_middle_one() {
    assertThat(Sample.of(List.of(9.0, 1.0, 5.0))).isEqualTo(new Sample(5, 1, 9, 3));
  }

  @Test
  void the_median_of_an_even_number_of_rounds_is_between_the_middle_ones() {
    assertThat(Sample.of(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(new Sample(3.5, 1, 100, 4));
  }

  @Test
  void no_rounds_are_no_sample() {
    assertThatThrownBy(() -> Sample.of(List.of())).hasMessageContaining("no rounds");
  }

  @Test
  void a_quantile_is_a_value_that_was_measured() {
    long[] sorted = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    assertThat(Sample.quantile(sorted, 0.5)).isEqualTo(5);
    assertThat(Sample.quantile(sorted, 0.99)).isEqualTo(10);
    assertThat(Sample.quantile(sorted, 0)).isEqualTo(1);
  }
}
