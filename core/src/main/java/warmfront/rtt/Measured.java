package warmfront.rtt;

/**
 * The round-trip times of one range of viewers to one edge location, over one window. Averages are
 * of the natural logarithm of the time in microseconds, so that a few queues of seconds weigh
 * little.
 *
 * @param viewers a /24 of IPv4 or a /48 of IPv6
 * @param samples how many connections were measured, 1 and up
 * @param meanLog mean of the logarithms
 * @param squares sum of the squared deviations of the logarithms from their mean, 0 and up
 * @param minMicros the least of the times, in microseconds
 */
public record Measured(Prefix viewers, int samples, double meanLog, double squares, int minMicros) {
  /** The largest round-trip time that is one, in microseconds: beyond, a SYN was sent again. */
  public static final int MICROS_MAX = 1_000_000;

  public Measured {
    if (viewers.length() != viewers.family().measuredLength()) {
      throw new IllegalArgumentException("not a range that is measured: " + viewers);
    }
    if (samples < 1 || minMicros < 0 || minMicros > MICROS_MAX) {
      throw new IllegalArgumentException(
          "samples >= 1, minMicros 0 to %d: %d,%d".formatted(MICROS_MAX, samples, minMicros));
    }
    // Written so that NaN is refused, too.
    if (!(meanLog >= 0 && meanLog <= Math.log(MICROS_MAX)) || !(squares >= 0 && squares < 1e12)) {
      throw new IllegalArgumentException("not logarithms of times: " + meanLog + "," + squares);
    }
  }

  /** Returns what was measured in this window and another of the same viewers. */
  public Measured with(Measured other) {
    if (!viewers.equals(other.viewers)) {
      throw new IllegalArgumentException(viewers + " are not " + other.viewers);
    }
    int sum = samples + other.samples;
    double apart = other.meanLog - meanLog;
    return new Measured(
        viewers,
        sum,
        meanLog + apart * other.samples / sum,
        squares + other.squares + apart * apart * samples * other.samples / sum,
        Math.min(minMicros, other.minMicros));
  }
}
