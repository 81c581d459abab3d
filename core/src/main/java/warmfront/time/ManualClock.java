package warmfront.time;

import java.time.Duration;
import java.time.Instant;

/** A clock that moves only when told to: for tests and simulations. Thread-safe. */
public final class ManualClock implements Clock {
  private Instant now;
  private long nanos;

  /** Makes a clock that stands at {@code start}. */
  public ManualClock(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  /** Moves both clocks forward. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  /** Moves the wall clock alone, forward or back, as an operator or NTP may do. */
  public synchronized void jump(Duration by) {
    now = now.plus(by);
  }
}
