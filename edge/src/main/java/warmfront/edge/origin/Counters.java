package warmfront.edge.origin;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;

/** Counts what happens. Thread-safe. */
final class Counters {
  final LongAdder opened = new LongAdder();
  final LongAdder reused = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder lent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final Map<Reason, LongAdder> failed = new EnumMap<>(Reason.class);

  Counters() {
    for (Reason reason : Reason.values()) {
      failed.put(reason, new LongAdder());
    }
  }

  /** Counts the fetch and returns it. */
  Fetched note(Fetched fetched) {
    switch (fetched) {
      case Fetched.Answered _ -> answered.increment();
      case Fetched.Failed(_, Reason reason, _) ->
          Objects.requireNonNull(failed.get(reason)).increment();
    }
    return fetched;
  }

  OriginCounts read(int open) {
    Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    failed.forEach((reason, count) -> {
      if (count.sum() > 0) {
        reasons.put(reason, count.sum());
      }
    });
    return new OriginCounts(
        answered.sum(), reasons, opened.sum(), reused.sum(), retried.sum(), open, lent.sum());
  }
}
