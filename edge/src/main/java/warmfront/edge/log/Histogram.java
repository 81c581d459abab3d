package warmfront.edge.log;

import java.util.concurrent.atomic.LongAdder;

/** How often something took how long. Adding allocates nothing. Thread-safe. */
final class Histogram {
  private static final long[] BOUNDS_NANOS = nanos();

  private final LongAdder[] counts = new LongAdder[BOUNDS_NANOS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  Histogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    int at = 0;
    while (at < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[at]) {
      at++;
    }
    counts[at].increment();
    sumNanos.add(nanos);
  }

  long[] counts() {
    long[] now = new long[counts.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts[i].sum();
    }
    return now;
  }

  double sumSeconds() {
    return sumNanos.sum() / 1e9;
  }

  private static long[] nanos() {
    long[] nanos = new long[Counters.BOUNDS_SECONDS.size()];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = Math.round(Counters.BOUNDS_SECONDS.get(i) * 1e9);
    }
    return nanos;
  }
}
