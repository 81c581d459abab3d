package warmfront.routing.map;

import java.time.Duration;

/**
 * How often viewers are sent to a location that is not thought to be the best one, to measure it. A
 * range, a location or a level that is new is explored in 3 % of the slots for an hour; it falls by
 * half each half hour then, to 2 in 1000: exploring a percent for ever costs as much as it gains. A
 * range with many viewers is explored less: it is the number of samples that tells, not their
 * share.
 */
final class Exploration {
  static final int PER_MILLE_MAX = 30;
  private static final int PER_MILLE_MIN = 2;

  /** A new location has its turn at a range within five minutes, however many viewers that has. */
  private static final int PER_MILLE_FEW = 7;

  private static final long FIRST_MILLIS = Duration.ofHours(1).toMillis();
  private static final long HALVED_MILLIS = Duration.ofMinutes(30).toMillis();

  /** A location that its systems' viewers do not know well is new for longer. */
  private static final long UNKNOWN_MILLIS = Duration.ofHours(6).toMillis();

  /** So many samples of a system know a location. */
  private static final double SAMPLES = 200;

  /** So many samples of a range in a window are enough. */
  private static final double SAMPLES_NEEDED = 2;

  /** So many locations of a range are explored at a time, those that promise most. */
  static final int AT_ONCE = 2;

  /**
   * Nobody is sent to a location that is thought to be farther than the best by more, in
   * milliseconds. Where tables know only countries, large ones are wider than this.
   */
  private static final double FARTHER_MAX = 50;

  /** Much better: by a quarter. */
  static final double PROMISING = 0.3;

  /** What was explored goes on being explored a little longer, so that lists do not flicker. */
  private static final double LINGERING = 0.1;

  private Exploration() {}

  /**
   * Returns how near a candidate may turn out to be, as a logarithm, if it is worth a look where
   * {@code chosen} is answered; else infinity.
   */
  static double promise(Estimates of, int candidate, double chosenLog, boolean before) {
    double bound = of.lowerBound(candidate) - (before ? LINGERING : 0);
    return bound < chosenLog && !isFar(of.log(candidate), chosenLog)
        ? bound
        : Double.POSITIVE_INFINITY;
  }

  private static boolean isFar(double log, double chosenLog) {
    return log > chosenLog && millis(log) > millis(chosenLog) + FARTHER_MAX;
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

  /** Returns whether a share is of something new. */
  static boolean isNew(int perMille) {
    return perMille > PER_MILLE_MIN;
  }

  /** Returns as much of a share as a range needs of which so many samples come in a window. */
  static int needed(int perMille, double samplesPerWindow) {
    int share = perMille;
    while (share / 2 >= PER_MILLE_FEW && share * samplesPerWindow > 1000 * SAMPLES_NEEDED) {
      share /= 2;
    }
    return share;
  }

  static double millis(double logMicros) {
    return Math.exp(logMicros) / 1000;
  }
}
