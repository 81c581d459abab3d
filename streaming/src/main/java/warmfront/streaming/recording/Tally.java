package warmfront.streaming.recording;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import warmfront.streaming.recording.RecordingCounters.Failure;

/** Counts what recordings come to. Thread-safe. */
final class Tally {
  final LongAdder running = new LongAdder();
  final LongAdder written = new LongAdder();
  final LongAdder sent = new LongAdder();
  final LongAdder objects = new LongAdder();
  private final Map<Failure, LongAdder> failures = new EnumMap<>(Failure.class);

  Tally() {
    for (Failure failure : Failure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  void failed(Failure failure) {
    LongAdder count = failures.get(failure);
    if (count != null) {
      count.increment();
    }
  }

  RecordingCounters counters(Spools spools) {
    Map<Failure, Long> failed = new EnumMap<>(Failure.class);
    failures.forEach((failure, count) -> failed.put(failure, count.sum()));
    return new RecordingCounters(
        running.sum(),
        written.sum(),
        sent.sum(),
        objects.sum(),
        spools.count(),
        spools.heldBytes(),
        failed);
  }
}
