package warmfront.streaming.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One time line for all publishers of a channel. */
final class TimelineTest {
  private final Timeline timeline = new Timeline();

  @Test
  void begins_at_0_and_keeps_distances() {
    assertThat(place(7000, 0)).isZero();
    assertThat(place(7040, 50)).isEqualTo(40);
    assertThat(place(7023, 50)).as("audio that comes after video").isEqualTo(23);
    assertThat(place(6000, 50)).as("not before the beginning").isZero();
  }

  @Test
  void goes_on_after_another_began_as_much_later_as_time_has_passed() {
    timeline.breaks();
    place(100, 0);
    place(500, 400);
    timeline.breaks();

    assertThat(place(90_000, 3400)).isEqualTo(3400);
    assertThat(place(90_040, 3440)).isEqualTo(3440);
    timeline.breaks();
    assertThat(place(0, 3440)).as("never at the same time").isEqualTo(3441);
  }

  @Test
  void does_not_end_with_the_32_bits_of_a_publisher() {
    place(0xFFFF_FFF0L, 0);

    assertThat(place(0x10, 32)).isEqualTo(32);
  }

  private long place(long raw, long millis) {
    return timeline.place(raw, Duration.ofMillis(millis).toNanos());
  }
}
