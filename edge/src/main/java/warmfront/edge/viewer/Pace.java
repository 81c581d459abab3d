package warmfront.edge.viewer;

import java.time.Duration;
import warmfront.edge.step.Request;

/**
 * Whether a viewer keeps up the least pace while something is waited for from it: so many bytes in
 * so long a time. One that does, or of whom nothing is waited for, begins anew. A byte now and then
 * would otherwise be enough to keep a response or an upload for ever.
 */
final class Pace {
  private final long nanosMax;
  private final long bytesMin;
  private long bytes;
  private long since;

  /** Begins at {@code now}, on the steady clock. */
  Pace(Duration time, long bytesMin, long now) {
    nanosMax = time.toNanos();
    this.bytesMin = bytesMin;
    since = now;
  }

  /** Returns the pace of what there is enough of: {@code stallBytes} in {@code stall}. */
  static Pace of(Limits.Times times, long now) {
    return new Pace(times.stall(), times.stallBytes(), now);
  }

  /**
   * Returns the pace of a request's body. One of unknown length may be made of messages, which come
   * when somebody has something to say: any byte will do.
   *
   * @param announced its length in bytes, -1 if it is unknown, or a tunnel's, which may be silent
   */
  static Pace ofBody(Limits.Times times, long announced, long now) {
    if (announced == Request.TUNNEL) {
      return new Pace(times.stall(), 0, now);
    }
    return announced < 0 ? new Pace(times.stall(), 1, now) : of(times, now);
  }

  /** So many bytes came, or were taken. */
  void moved(long count) {
    bytes += count;
  }

  /**
   * Returns whether they were too few for too long; to be asked at each sweep.
   *
   * @param waited whether something is waited for
   */
  boolean isLost(boolean waited, long now) {
    if (!waited || bytes >= bytesMin) {
      bytes = 0;
      since = now;
    }
    return now - since > nanosMax;
  }
}
