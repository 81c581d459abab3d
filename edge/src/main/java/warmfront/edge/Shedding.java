package warmfront.edge;

/**
 * What share of its viewers an edge wants to be sent elsewhere, because it has too much to do. DNS
 * servers obey each for themselves, and only as far as other locations can take them.
 *
 * <p>The share is in proportion to how far the edge is above {@link #BEGIN}, and follows slowly:
 * resolvers keep answers for as long as their TTL, and what acts sooner than its own effect is seen
 * swings. Confined to one thread.
 */
public final class Shedding {
  /** Nothing is shed up to this utilisation. */
  static final double BEGIN = 0.7;

  /** Share per utilisation above it: an edge asked for 1.5 times its limit settles at 0.9 of it. */
  private static final double GAIN = 2;

  private static final int PERCENT_MAX = 90;

  /** A change that is smaller than this is not worth another picture at every DNS server. */
  private static final int PERCENT_STEP = 5;

  /**
   * How much a second counts: a time constant of 60 s, three times the usual TTL of 20 s. With 30 s
   * an edge that was asked for 1.5 times its limit swung between 0.5 and 1.3 of it.
   */
  private static final double WEIGHT = 1 / 60.0;

  private double smoothed;

  /**
   * Returns the share in percent. Asked for once a second.
   *
   * @param utilisation how much of its narrowest limit the edge uses, from 0
   */
  public int next(double utilisation) {
    smoothed += WEIGHT * (utilisation - smoothed);
    double percent = 100 * GAIN * (smoothed - BEGIN);
    int steps = (int) (Math.clamp(percent, 0, PERCENT_MAX) / PERCENT_STEP);
    return steps * PERCENT_STEP;
  }
}
