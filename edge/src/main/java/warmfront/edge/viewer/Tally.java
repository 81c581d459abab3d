package warmfront.edge.viewer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import warmfront.edge.step.Reason;

/** Counts what becomes of connections. Thread-safe. */
final class Tally {
  private final AtomicLong open = new AtomicLong();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder addressesFull = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder handshakesFailed = new LongAdder();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);
  private final Map<Toil, LongAdder> calmed = new EnumMap<>(Toil.class);
  private final LongAdder measured = new LongAdder();
  private final Map<Unmeasured, LongAdder> unmeasured = new EnumMap<>(Unmeasured.class);

  Tally() {
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
    for (Toil toil : Toil.values()) {
      calmed.put(toil, new LongAdder());
    }
    for (Unmeasured why : Unmeasured.values()) {
      unmeasured.put(why, new LongAdder());
    }
  }

  /** Counts a connection; false if that is more than {@code max}. */
  boolean opened(int max) {
    accepted.increment();
    if (open.incrementAndGet() > max) {
      turnedAway.increment();
      return false;
    }
    return true;
  }

  /** Counts a connection that was closed because its address had too many. */
  void addressFull() {
    addressesFull.increment();
  }

  void closed() {
    open.decrementAndGet();
  }

  void request() {
    requests.increment();
  }

  void handshakeFailed() {
    handshakesFailed.increment();
  }

  void refused(Reason reason) {
    Objects.requireNonNull(refused.get(reason)).increment(); // all are there
  }

  void calmed(Toil toil) {
    Objects.requireNonNull(calmed.get(toil)).increment(); // all are there
  }

  /** Counts a round-trip time. */
  void measured() {
    measured.increment();
  }

  void unmeasured(Unmeasured why) {
    Objects.requireNonNull(unmeasured.get(why)).increment(); // all are there
  }

  /** Counts times that were measured but are in no report, for want of room there. */
  void leftOut(int samples) {
    Objects.requireNonNull(unmeasured.get(Unmeasured.NO_ROOM)).add(samples); // all are there
  }

  long open() {
    return open.get();
  }

  Counters counters() {
    Map<Reason, Long> byReason = new EnumMap<>(Reason.class);
    refused.forEach((reason, count) -> {
      if (count.sum() > 0) {
        byReason.put(reason, count.sum());
      }
    });
    Map<String, Long> byToil = new TreeMap<>();
    calmed.forEach((toil, count) -> byToil.put(toil.name(), count.sum()));
    Map<String, Long> byWhy = new TreeMap<>();
    unmeasured.forEach((why, count) -> byWhy.put(why.name(), count.sum()));
    return new Counters(
        open.get(),
        accepted.sum(),
        turnedAway.sum(),
        addressesFull.sum(),
        requests.sum(),
        handshakesFailed.sum(),
        byReason,
        byToil,
        measured.sum(),
        byWhy);
  }
}
