package warmfront.streaming.live;

import java.time.Duration;

/**
 * The time line of a channel, which goes on when its publisher comes again, or another does: a new
 * one begins as much later as time has passed. Begins at 0.
 */
final class Timeline {
  private static final int GAP_MIN = 1;

  private long last;
  private long lastRaw;
  private long lastNanos;
  private boolean isBroken;
  private boolean hasBegun;

  /** What comes next is of another publisher. */
  void breaks() {
    isBroken = true;
  }

  /**
   * Returns where a tag belongs, in milliseconds.
   *
   * @param raw its timestamp as the publisher says: 32 bits, from anywhere on
   * @param nanos when it came, on the steady clock
   */
  long place(long raw, long nanos) {
    if (!hasBegun) {
      hasBegun = true;
    } else if (isBroken) {
      last += Math.max(GAP_MIN, Duration.ofNanos(nanos - lastNanos).toMillis());
    } else {
      last = Math.max(0, last + (int) (raw - lastRaw)); // the 32 bits end after 49 days
    }
    isBroken = false;
    lastRaw = raw;
    lastNanos = nanos;
    return last;
  }
}
