package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import warmfront.time.ManualClock;

final class DatesTest {
  @Test
  void a_date_is_made_once_a_second() {
    var clock = new ManualClock(Instant.parse("2026-03-04T12:00:00.100Z"));
    var dates = new Dates(clock);
    String said = dates.now();
    clock.advance(Duration.ofMillis(800));

    assertThat(said).isEqualTo("Wed, 04 Mar 2026 12:00:00 GMT");
    assertThat(dates.now()).isSameAs(said);
    clock.advance(Duration.ofMillis(100));
    assertThat(dates.now()).isEqualTo("Wed, 04 Mar 2026 12:00:01 GMT");
  }
}
