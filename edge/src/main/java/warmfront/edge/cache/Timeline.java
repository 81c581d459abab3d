package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicLong;
import warmfront.time.Clock;

/**
 * The cache's own time: milliseconds since 1970 as the wall clock had it at start, counted on by
 * the steady clock. It never jumps back while the process lives, and still means something to the
 * next one: that goes on from the last time which a disk knows of, if its wall clock is behind it.
 */
final class Timeline {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A wall clock that is past the year 2100 is wrong; what is stored would outlive its entries. */
  private static final long PLAUSIBLE_MAX = 4_102_444_800_000L;

  private final Clock clock;
  private final long startNanos;
  private final AtomicLong generations = new AtomicLong();

  /** Grows while what is on the disks is being found. */
  private volatile long startMillis;

  Timeline(Clock clock) {
    this.clock = clock;
    long wall = clock.millis();
    startMillis = wall >= 0 && wall < PLAUSIBLE_MAX ? wall : 0;
    startNanos = clock.nanos();
  }

  long millis() {
    return millis(clock.nanos());
  }

  /** Returns what this time was when the steady clock had read {@code nanos}. */
  long millis(long nanos) {
    return startMillis + (nanos - startNanos) / NANOS_PER_MILLI;
  }

  /** Goes on from this time if it is before it, so that nothing stored is from the future. */
  synchronized void goOnFrom(long millis) {
    long behind = millis - millis();
    if (behind > 0 && millis < PLAUSIBLE_MAX) {
      startMillis += behind;
    }
  }

  /** Returns a number that no version of an object had before: by start and count. */
  long nextGeneration() {
    return (startMillis << 22) + generations.incrementAndGet();
  }

  Clock clock() {
    return clock;
  }
}
