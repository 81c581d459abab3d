package warmfront.control.publish;

import java.time.Duration;
import warmfront.time.Clock;

/**
 * How long control has been up: awake, and with a database that answers. Only this time counts for
 * leases. A process that was stopped for an hour, or whose database was, has heard nobody for an
 * hour, and may hold that against nobody.
 *
 * <p>Moved on by one thread at a time; read by any.
 */
final class Attention {
  private final Clock clock;
  private final long stepMaxNanos;
  private long lastNanos;
  private volatile long nanos;

  /** Begins now; what is more than {@code stepMax} between two looks was a pause. */
  Attention(Clock clock, Duration stepMax) {
    this.clock = clock;
    this.stepMaxNanos = stepMax.toNanos();
    this.lastNanos = clock.nanos();
  }

  /** Says that the database has just answered. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread moves it on
  void look() {
    long now = clock.nanos();
    nanos += Math.clamp(now - lastNanos, 0, stepMaxNanos);
    lastNanos = now;
  }

  /** Returns the time up to the last look, in nanoseconds; only differences mean anything. */
  long nanos() {
    return nanos;
  }
}
