package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

final class MeasuringTest {
  private static final Measured HERE =
      new Measured(Prefix.parse("192.0.2.0/24"), 3, Math.log(8000), 0, 7000);
  private static final Measured THERE =
      new Measured(Prefix.parse("198.51.100.0/24"), 1, Math.log(9000), 0, 9000);

  private final Deque<Map<String, List<Measured>>> windows = new ArrayDeque<>();
  private final Map<String, Long> sent = new HashMap<>(Map.of("FRA", 1_000_000_000L));
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final List<RttReport> reports = new ArrayList<>();

  @Test
  void each_location_is_reported_by_its_own_server_with_what_it_sent() {
    windows.add(Map.of("FRA", List.of(HERE), "GRU", List.of(HERE, THERE)));
    windows.add(Map.of("FRA", List.of(THERE)));
    windows.add(Map.of());
    try (Measuring measuring =
        Measuring.start(
            Duration.ofDays(1),
            new Measuring.Sources(windows::remove, () -> Map.copyOf(sent)),
            List.of(
                new Measuring.Reporter("edge-fra", "FRA", reports::add),
                new Measuring.Reporter("edge-gru", "GRU", reports::add)),
            clock)) {
      sent.put("FRA", 1_000_000_000L + 7_500_000_000L);
      clock.advance(Duration.ofSeconds(60));
      measuring.report();
      assertThat(measuring.status()).containsEntry("GRU", "2 ranges");
      sent.put("GRU", 15_000_000_000L);
      clock.advance(Duration.ofSeconds(30));
      measuring.report();
      sent.put("GRU", Long.MAX_VALUE);
      clock.advance(Duration.ofSeconds(60));
      measuring.report();
      assertThat(measuring.status()).containsEntry("GRU", "0 ranges");
    }

    assertThat(reports)
        .containsExactly(
            new RttReport("edge-fra", "FRA", 1, List.of(HERE)),
            new RttReport("edge-gru", "GRU", 0, List.of(HERE, THERE)),
            new RttReport("edge-fra", "FRA", 0, List.of(THERE)),
            new RttReport("edge-gru", "GRU", 4, List.of()),
            new RttReport("edge-fra", "FRA", 0, List.of()),
            new RttReport("edge-gru", "GRU", RttReport.LOAD_GBPS_MAX, List.of()));
  }

  @Test
  void a_window_that_fails_does_not_end_the_next() {
    windows.add(Map.of("FRA", List.of(HERE)));
    boolean[] failing = {true};
    try (Measuring measuring =
        Measuring.start(
            Duration.ofDays(1),
            new Measuring.Sources(
                () -> {
                  if (failing[0]) {
                    throw new IllegalStateException("the loops are gone");
                  }
                  return windows.remove();
                },
                () -> Map.copyOf(sent)),
            List.of(new Measuring.Reporter("edge-fra", "FRA", reports::add)),
            clock)) {
      measuring.report();
      failing[0] = false;
      measuring.report();
    }

    assertThat(reports).hasSize(1);
  }
}
