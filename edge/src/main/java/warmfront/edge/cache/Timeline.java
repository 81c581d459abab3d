package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicLong;
import warmfront.time.Clock;

/**
 * The cache's own time: milliseconds since 1970 as the wall clock had it at start, counted on by
 * the steady clock. It never jumps while the process lives, and still means something to the next
 * one.
 */
final class Timeline {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private final long startMillis;
  private final long startNanos;
  private final AtomicLong generations = new AtomicLong();

  Timeline(Clock clock) {
    this.clock = clock;
    startMillis = clock.millis();
    startNanos = clock.nanos();
  }

  long millis() {
    return startMillis + (clock.nanos() - startNanos) / NANOS_PER_MILLI;
  }

  /** Returns a number that no version of an object had before: by start and count. */
  long nextGeneration() {
    return (startMillis << 22) + generations.incrementAndGet();
  }

  Clock clock() {
    return clock;
  }
}
