package warmfront.edge.viewer;

/**
 * The one budget of an HTTP/2 connection for all kinds of {@link Toil}. What is served earns some
 * of it back, and so does time; a viewer that lives off it is told to calm down.
 */
final class Patience {
  /** What a response earns, and a frame of a body, either way: as much as the windows it needs. */
  static final int EARNED = 2;

  private final int max;
  private final int perSecond;
  private int left;
  private long refilled;

  Patience(Limits.Http2 limits, long nanos) {
    max = limits.toilMax();
    perSecond = limits.toilPerSecond();
    left = max;
    refilled = nanos;
  }

  /** Returns whether it has not run out yet. */
  boolean spend(Toil toil) {
    left -= toil.cost();
    return left >= 0;
  }

  void earn() {
    left = Math.min(max, left + EARNED);
  }

  /** Time has passed. */
  void refill(long nanos) {
    long due = (nanos - refilled) / 1_000_000 * perSecond / 1000;
    if (due > 0) {
      refilled = nanos;
      left = (int) Math.min(max, left + Math.min(due, max));
    }
  }
}
