package warmfront.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.rtt.Measured;
import warmfront.rtt.RttReport;

/** Reports how far an edge's viewers are, once a window, each location by the server it is. */
final class Measuring implements Part, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Measuring.class);

  /**
   * A server that reports.
   *
   * @param serverId its id
   * @param location the code of its location
   * @param to carries its reports to control
   */
  record Reporter(String serverId, String location, Consumer<RttReport> to) {}

  private final Supplier<Map<String, List<Measured>>> measured;
  private final List<Reporter> reporters;
  private final Map<String, Integer> ranges = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("round-trips").factory());

  private Measuring(Supplier<Map<String, List<Measured>>> measured, List<Reporter> reporters) {
    this.measured = measured;
    this.reporters = List.copyOf(reporters);
  }

  /**
   * Begins to report.
   *
   * @param measured gives what was measured since it was asked last, by the code of the location
   */
  static Measuring start(
      Duration window, Supplier<Map<String, List<Measured>>> measured, List<Reporter> reporters) {
    Measuring measuring = new Measuring(measured, reporters);
    ScheduledFuture<?> _ =
        measuring.thread.scheduleAtFixedRate(
            measuring::report, window.toMillis(), window.toMillis(), TimeUnit.MILLISECONDS);
    return measuring;
  }

  void report() {
    try {
      Map<String, List<Measured>> window = measured.get();
      for (Reporter reporter : reporters) {
        List<Measured> rows = window.getOrDefault(reporter.location(), List.of());
        ranges.put(reporter.location(), rows.size());
        if (!rows.isEmpty()) {
          reporter.to().accept(new RttReport(reporter.serverId(), reporter.location(), rows));
        }
      }
    } catch (RuntimeException bug) {
      // An exception would end the schedule.
      LOG.error("round-trip times could not be reported", bug);
    }
  }

  @Override
  public String name() {
    return "round-trips";
  }

  @Override
  public void figures(Figures out) {
    ranges.forEach((location, count) ->
        out.gauge(
            "warmfront_rtt_ranges",
            "Ranges of viewers measured in the last window.",
            count,
            "location",
            location));
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    reporters.forEach(reporter ->
        status.put(reporter.location(), ranges.getOrDefault(reporter.location(), 0) + " ranges"));
    return status;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
