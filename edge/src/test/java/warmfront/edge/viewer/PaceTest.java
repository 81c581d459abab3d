package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long SECOND = 1_000_000_000;

  private final Pace pace = new Pace(Duration.ofSeconds(30), 7200, 0);

  @Test
  void a_byte_too_few_is_lost_a_moment_after_the_time() {
    pace.moved(7199);

    assertThat(pace.isLost(true, 30 * SECOND)).isFalse();
    assertThat(pace.isLost(true, 30 * SECOND + 1)).isTrue();
  }

  @Test
  void just_enough_bytes_begin_anew() {
    pace.moved(7199);
    assertThat(pace.isLost(true, 20 * SECOND)).isFalse();
    pace.moved(1);
    assertThat(pace.isLost(true, 30 * SECOND)).isFalse();

    assertThat(pace.isLost(true, 60 * SECOND)).isFalse();
    assertThat(pace.isLost(true, 60 * SECOND + 1)).isTrue();
  }

  @Test
  void nobody_is_late_for_what_is_not_waited_for() {
    assertThat(pace.isLost(false, 1000 * SECOND)).isFalse();
    assertThat(pace.isLost(true, 1030 * SECOND)).isFalse();
    assertThat(pace.isLost(true, 1030 * SECOND + 1)).isTrue();
  }
}
