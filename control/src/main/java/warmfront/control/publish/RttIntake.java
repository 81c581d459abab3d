package warmfront.control.publish;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import warmfront.distribution.Server;
import warmfront.link.wire.Rtt;
import warmfront.rtt.RttCodec;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * Lets in what edges measured. An edge may be hostile: it speaks for its own location only, in
 * well-formed rows, and not too often. Whether its rows are believed is not judged here.
 * Thread-safe; never waits.
 */
final class RttIntake {
  /** Between two reports of a server: a tenth of the usual window. */
  static final Duration APART_MIN = Duration.ofSeconds(5);

  /** Why a report was not let in. The names are in metrics. */
  enum Refusal {
    NO_EDGE,
    OTHER_LOCATION,
    TOO_SOON,
    MALFORMED
  }

  private final Consumer<RttReport> reports;
  private final Clock clock;
  private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();
  private final LongAdder taken = new LongAdder();
  private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

  RttIntake(Consumer<RttReport> reports, Clock clock) {
    this.reports = reports;
    this.clock = clock;
    for (Refusal refusal : Refusal.values()) {
      refused.put(refusal, new LongAdder());
    }
  }

  /**
   * Takes a report.
   *
   * @param from the registration of the server that said it
   */
  void take(Server from, Rtt word) {
    if (from.role() != Server.Role.EDGE) {
      refuse(Refusal.NO_EDGE);
    } else if (!word.getLocation().equals(from.location())) {
      refuse(Refusal.OTHER_LOCATION);
    } else if (isTooSoon(from.id())) {
      refuse(Refusal.TOO_SOON);
    } else {
      decode(from, word);
    }
  }

  private void decode(Server from, Rtt word) {
    RttReport report;
    try {
      report = RttCodec.decode(from.id(), from.location(), word.getRows().asReadOnlyByteBuffer());
    } catch (IllegalArgumentException malformed) {
      refuse(Refusal.MALFORMED);
      return;
    }
    taken.increment();
    reports.accept(report);
  }

  private boolean isTooSoon(String serverId) {
    long now = clock.nanos();
    boolean[] soon = new boolean[1];
    lastNanos.compute(
        serverId,
        (_, last) -> {
          soon[0] = last != null && now - last < APART_MIN.toNanos();
          return soon[0] ? last : now;
        });
    return soon[0];
  }

  private void refuse(Refusal why) {
    Objects.requireNonNull(refused.get(why)).increment(); // all are there
  }

  /** Returns how many reports were let in. */
  long taken() {
    return taken.sum();
  }

  /** Returns how many reports were not, by why. */
  Map<String, Long> refused() {
    Map<String, Long> counts = new TreeMap<>();
    refused.forEach((why, count) -> counts.put(why.name(), count.sum()));
    return Map.copyOf(counts);
  }
}
