package warmfront.edge.peer;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.time.Clock;

/**
 * Counts how often keys are asked for in a window, in two rows of counters (a count-min sketch of
 * Cormode and Muthukrishnan): it may count too much, when many keys share both counters, and then
 * an object is kept that need not be; never too little. Thread-safe.
 */
final class Popularity {
  /** At 50,000 requests a second for 10 s, fewer than 1 key in 10,000 is taken for another. */
  private static final int ROW = 1 << 16;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(2 * ROW);
  private final AtomicLong windowEnds;
  private final long windowNanos;
  private final Clock clock;

  Popularity(Limits limits, Clock clock) {
    this.clock = clock;
    windowNanos = limits.hotWindow().toNanos();
    windowEnds = new AtomicLong(clock.nanos() + windowNanos);
  }

  /** Counts one request more; returns how many there were for the key in this window. */
  int ask(long high, long low) {
    long now = clock.nanos();
    long ends = windowEnds.get();
    if (now - ends >= 0 && windowEnds.compareAndSet(ends, now + windowNanos)) {
      for (int i = 0; i < counts.length(); i++) {
        counts.setPlain(i, 0);
      }
    }
    int one = counts.incrementAndGet((int) high & (ROW - 1));
    int other = counts.incrementAndGet(ROW + ((int) low & (ROW - 1)));
    return Math.min(one, other);
  }
}
