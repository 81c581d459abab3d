package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How far ahead of its time media is sent. */
final class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  private final Pace pace =
      new Pace(
          new PlayLimits.Ahead(
              Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(250), 1_000_000));

  @Test
  void the_buffer_and_a_leeway_go_at_once() {
    pace.begin(0, 7 * SECOND);

    assertThat(pace.allows(4000, 7 * SECOND, 3000)).isTrue();
    assertThat(pace.allows(4001, 7 * SECOND, 3000)).isFalse();
  }

  @Test
  void then_media_keeps_pace_with_time() {
    pace.begin(30_000, 0);

    assertThat(pace.allows(44_000, 10 * SECOND, 3000)).isTrue();
    assertThat(pace.allows(44_001, 10 * SECOND, 3000)).isFalse();
  }

  @Test
  void a_pause_stops_time() {
    pace.begin(0, 0);
    pace.pause(2 * SECOND);
    pace.pause(3 * SECOND);

    assertThat(pace.allows(6001, 50 * SECOND, 3000)).isFalse();

    pace.resume(100 * SECOND);
    assertThat(pace.allows(6000, 100 * SECOND, 3000)).isTrue();
    assertThat(pace.allows(6001, 100 * SECOND, 3000)).isFalse();
    assertThat(pace.allows(7000, 101 * SECOND, 3000)).isTrue();
  }

  @Test
  void seeking_in_a_pause_leaves_it_one() {
    pace.begin(0, 0);
    pace.pause(SECOND);
    pace.begin(60_000, 5 * SECOND);

    assertThat(pace.allows(64_001, 500 * SECOND, 3000)).isFalse();

    pace.resume(600 * SECOND);
    assertThat(pace.allows(64_000, 600 * SECOND, 3000)).isTrue();
    assertThat(pace.allows(64_001, 600 * SECOND, 3000)).isFalse();
  }

  @Test
  void whoever_claims_to_buffer_hours_is_sent_so_many_bytes_ahead() {
    pace.begin(0, 0);
    long sent = 0;
    for (long millis = 0; pace.allows(millis, 0, 36_000_000); millis += 40) {
      pace.sent(millis, 5000);
      sent += 5000;
    }

    assertThat(sent).isBetween(950_000L, 1_050_000L);
    assertThat(pace.allows(9000, 0, 36_000_000)).isFalse();
    assertThat(pace.allows(9000, 2 * SECOND, 36_000_000)).isTrue();
  }

  @Test
  void fat_frames_keep_the_leeway() {
    pace.begin(0, 0);
    pace.sent(0, 5_000_000);

    assertThat(pace.allows(1000, 0, 36_000_000)).isTrue();
    assertThat(pace.allows(1001, 0, 36_000_000)).isFalse();
  }
}
