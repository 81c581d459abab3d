package warmfront.routing.map;

import java.time.Duration;

/**
 * How often viewers are sent to a location that is not thought to be the best one, to measure it. A
 * range, a location or a level that is new is explored in 3 % of the slots for an hour; it falls by
 * half each half hour then, to 2 in 1000: exploring a percent for ever costs as much as it gains.
 */
final class Exploration {
  static final int PER_MILLE_MAX = 30;
  private static final int PER_MILLE_MIN = 2;
  private static final long FIRST_MILLIS = Duration.ofHours(1).toMillis();
  private static final long HALVED_MILLIS = Duration.ofMinutes(30).toMillis();

  /** A location that its systems' viewers do not know well is new for longer. */
  private static final long UNKNOWN_MILLIS = Duration.ofHours(6).toMillis();

  /** So many samples of a system know a location. */
  private static final double SAMPLES = 200;

  /** Nobody is sent to a location that is farther than the best by more, in milliseconds. */
  private static final double FARTHER_MAX = 30;

  /** What was explored goes on being explored a little longer, so that lists do not flicker. */
  private static final double LINGERING = 0.1;

  private Exploration() {}

  /** Returns whether a candidate is worth a look, where {@code chosen} is answered. */
  static boolean isWorthIt(Estimates of, int candidate, double chosenLog, boolean before) {
    double bound = of.lowerBound(candidate) - (before ? LINGERING : 0);
    return bound < chosenLog && millis(of.log(candidate)) <= millis(chosenLog) + FARTHER_MAX;
  }

  /** Returns the share of slots for what is so old, in thousandths. */
  static int perMille(long ageMillis) {
    long halvings = Math.max(0, ageMillis - FIRST_MILLIS + HALVED_MILLIS - 1) / HALVED_MILLIS;
    return Math.max(PER_MILLE_MIN, PER_MILLE_MAX >> (int) Math.min(halvings, Integer.SIZE - 1));
  }

  /** Returns the share for a location of which a system has so many samples. */
  static int perMille(long ageMillis, double samples) {
    return ageMillis < FIRST_MILLIS || (ageMillis < UNKNOWN_MILLIS && samples < SAMPLES)
        ? PER_MILLE_MAX
        : PER_MILLE_MIN;
  }

  static double millis(double logMicros) {
    return Math.exp(logMicros) / 1000;
  }
}
