package warmfront.control.maps;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * What locations send to viewers: of each server the newest word, until it is too old. Owned by one
 * thread.
 */
final class Loads {
  /** A server is silent for so many windows before its load is forgotten: a report may be lost. */
  static final int WINDOWS = 3;

  private record Heard(String location, double gbps, long nanos) {}

  private final Clock clock;
  private final long ageNanosMax;
  private final Map<String, Heard> byServer = new HashMap<>();

  Loads(Clock clock, Duration ageMax) {
    this.clock = clock;
    this.ageNanosMax = ageMax.toNanos();
  }

  /** Hears what a server sends, in place of what it said before. */
  void hear(RttReport report) {
    byServer.put(report.serverId(), new Heard(report.location(), report.loadGbps(), clock.nanos()));
  }

  /** Returns what is known by the code of the location, in gigabits per second. */
  Map<String, Double> gbps() {
    long now = clock.nanos();
    byServer.values().removeIf(heard -> now - heard.nanos() >= ageNanosMax);
    Map<String, Double> sums = new HashMap<>();
    byServer.values().forEach(heard -> sums.merge(heard.location(), heard.gbps(), Double::sum));
    return Map.copyOf(sums);
  }

  /** Knows nothing any more. */
  void forget() {
    byServer.clear();
  }
}
