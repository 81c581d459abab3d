package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequestControlTest {
  @Test
  void directives_are_gathered_and_the_first_of_each_counts() {
    RequestControl asked =
        RequestControl.parse(
            Fields.of(
                "Cache-Control",
                "No-Cache, max-age=5, max-age=9",
                "cache-control",
                "min-fresh=7, max-stale=\"3\", only-if-cached, no-store, x=\"no-store\""));

    assertThat(asked)
        .isEqualTo(new RequestControl(true, true, true, seconds(5), seconds(7), seconds(3)));
  }

  @Test
  void max_stale_without_a_number_has_no_limit_and_a_wrong_number_is_zero() {
    assertThat(of("max-stale").maxStale()).contains(CacheControl.SECONDS_MAX);
    assertThat(of("max-stale=x").maxStale()).contains(Duration.ZERO);
    assertThat(of("max-age=-1").maxAge()).contains(Duration.ZERO);
    assertThat(of("foo")).isEqualTo(RequestControl.NONE);
  }

  @Test
  void pragma_counts_where_there_is_no_cache_control() {
    assertThat(RequestControl.parse(Fields.of("Pragma", "no-cache")).noCache()).isTrue();
    assertThat(RequestControl.parse(Fields.of("Pragma", "no-store, x")))
        .isEqualTo(RequestControl.NONE);
    assertThat(
            RequestControl.parse(Fields.of("Pragma", "no-cache", "Cache-Control", "max-age=1"))
                .noCache())
        .isFalse();
  }

  private static Optional<Duration> seconds(int seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }

  private static RequestControl of(String value) {
    return RequestControl.parse(Fields.of("Cache-Control", value));
  }
}
