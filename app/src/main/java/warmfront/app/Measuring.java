package warmfront.app;

import java.time.Duration;
import java.util.HashMap;
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
import warmfront.time.Clock;

/**
 * Reports how far an edge's viewers are and how much it sends them, once a window, each location by
 * the server it is.
 */
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

  /**
   * What is reported, by the code of the location.
   *
   * @param roundTrips gives what was measured since it was asked last
   * @param sentBytes gives what was sent to viewers since the start, in bytes
   */
  record Sources(
      Supplier<Map<String, List<Measured>>> roundTrips, Supplier<Map<String, Long>> sentBytes) {}

  private static final double BITS_PER_BYTE = 8;

  private final Sources sources;
  private final List<Reporter> reporters;
  private final Clock clock;
  private Map<String, Long> sentBefore;
  private long beforeNanos;
  private final Map<String, Integer> ranges = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("round-trips").factory());

  private Measuring(Sources sources, List<Reporter> reporters, Clock clock) {
    this.sources = sources;
    this.reporters = List.copyOf(reporters);
    this.clock = clock;
    this.sentBefore = sources.sentBytes().get();
    this.beforeNanos = clock.nanos();
  }

  /** Begins to report. */
  static Measuring start(Duration window, Sources sources, List<Reporter> reporters, Clock clock) {
    Measuring measuring = new Measuring(sources, reporters, clock);
    ScheduledFuture<?> _ =
        measuring.thread.scheduleAtFixedRate(
            measuring::report, window.toMillis(), window.toMillis(), TimeUnit.MILLISECONDS);
    return measuring;
  }

  void report() {
    try {
      Map<String, List<Measured>> window = sources.roundTrips().get();
      Map<String, Double> loads = loads();
      for (Reporter reporter : reporters) {
        List<Measured> rows = window.getOrDefault(reporter.location(), List.of());
        ranges.put(reporter.location(), rows.size());
        double loadGbps = loads.getOrDefault(reporter.location(), 0.0);
        reporter
            .to()
            .accept(new RttReport(reporter.serverId(), reporter.location(), loadGbps, rows));
      }
    } catch (RuntimeException bug) {
      // An exception would end the schedule.
      LOG.error("round-trip times could not be reported", bug);
    }
  }

  /** Returns the mean of what was sent since the last call, in gigabits per second. */
  private Map<String, Double> loads() {
    Map<String, Long> sent = sources.sentBytes().get();
    long now = clock.nanos();
    // Bits in a nanosecond are gigabits in a second.
    double share = BITS_PER_BYTE / Math.max(1, now - beforeNanos);
    Map<String, Double> loads = new HashMap<>();
    sent.forEach((location, bytes) ->
        loads.put(
            location,
            Math.min(
                RttReport.LOAD_GBPS_MAX, (bytes - sentBefore.getOrDefault(location, 0L)) * share)));
    sentBefore = sent;
    beforeNanos = now;
    return loads;
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
