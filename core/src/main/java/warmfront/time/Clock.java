package warmfront.time;

import java.time.Instant;

/** What time it is: the wall's for dates, a steady one for durations. Passed in by constructor. */
public interface Clock {
  /** Returns the wall clock's time, which may jump. */
  Instant now();

  /** Returns nanoseconds of a clock that never goes back; only differences mean anything. */
  long nanos();

  /** Returns milliseconds of the wall clock since 1970-01-01T00:00Z. */
  default long millis() {
    return now().toEpochMilli();
  }

  /**
   * Returns a clock whose time passes faster than this one's, or this one.
   *
   * @param pace how many times as fast, 1 and up
   */
  default Clock faster(double pace) {
    return pace == 1 ? this : new FasterClock(this, pace);
  }

  /** Returns the machine's clock. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
