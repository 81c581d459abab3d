package warmfront.edge.step;

/**
 * A point of the configuration log.
 *
 * @param epoch the log's epoch
 * @param revision the last revision that counts
 */
public record Point(long epoch, long revision) {
  /** Before everything. */
  public static final Point START = new Point(0, 0);

  /** Returns whether it lies at {@code other} or behind it. */
  public boolean isAtLeast(Point other) {
    return epoch > other.epoch || (epoch == other.epoch && revision >= other.revision);
  }
}
