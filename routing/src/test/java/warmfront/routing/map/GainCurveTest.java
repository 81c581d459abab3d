package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GainCurveTest {
  @Test
  void those_who_gain_most_move_first_up_to_a_share() {
    GainCurve curve = new GainCurve();
    curve.add(94, false, 0);
    curve.add(2, true, 0.5);
    curve.add(2, true, 0.3);
    curve.add(2, true, 0.1);

    assertThat(curve.leastGain(0.05)).isGreaterThan(0.1).isLessThanOrEqualTo(0.3);
    assertThat(curve.leastGain(0.1)).isZero();
  }

  @Test
  void a_range_that_is_more_than_the_share_moves_alone() {
    GainCurve curve = new GainCurve();
    curve.add(60, false, 0);
    curve.add(30, true, 0.5);
    curve.add(10, true, 0.2);

    assertThat(curve.leastGain(0.1)).isGreaterThan(0.2).isLessThanOrEqualTo(0.5);
  }
}
