package warmfront.edge.viewer;

import java.time.Duration;

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
