package warmfront.rtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class MeasuredTest {
  private static final Prefix VIEWERS = Prefix.parse("192.0.2.0/24");

  private static Measured of(double... millis) {
    double[] logs = DoubleStream.of(millis).map(one -> Math.log(one * 1000)).toArray();
    double mean = DoubleStream.of(logs).average().orElseThrow();
    double squares = DoubleStream.of(logs).map(one -> (one - mean) * (one - mean)).sum();
    int min = (int) (DoubleStream.of(millis).min().orElseThrow() * 1000);
    return new Measured(VIEWERS, millis.length, mean, squares, min);
  }

  @Test
  void two_windows_are_as_one() {
    Measured both = of(8, 9.5, 300).with(of(7, 12));
    Measured once = of(8, 9.5, 300, 7, 12);
    assertThat(both.samples()).isEqualTo(5);
    assertThat(both.meanLog()).isCloseTo(once.meanLog(), within(1e-9));
    assertThat(both.squares()).isCloseTo(once.squares(), within(1e-9));
    assertThat(both.minMicros()).isEqualTo(7000);
  }

  @Test
  void what_no_edge_can_have_measured_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Measured(Prefix.parse("192.0.2.0/25"), 1, 9, 0, 8000));
    assertThatIllegalArgumentException().isThrownBy(() -> new Measured(VIEWERS, 0, 9, 0, 8000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Measured(VIEWERS, 1, Double.NaN, 0, 8000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Measured(VIEWERS, 1, 9, Double.NaN, 8000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Measured(VIEWERS, 1, 9, 0, 1_000_001));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(8).with(new Measured(Prefix.parse("198.51.100.0/24"), 1, 9, 0, 1)));
  }
}
