package warmfront.routing.map;

/**
 * What is known of the round-trip times to one location, packed into a {@code long}: a million
 * ranges with twelve each are to fit into memory.
 *
 * <p>The weight is kept as the logarithm to base 2 of what it will have been worth: it falls by 1
 * with each half-life without being touched, as {@link Epoch} counts half-lives upward. 0 is an
 * empty slot.
 */
final class Slot {
  static final long EMPTY = 0;

  /** Logarithms of microseconds reach 13.8: a second. */
  private static final double MEAN_SCALE = 65_535 / 14.0;

  private static final int LEVEL_BITS = 10;
  private static final double LEVEL_SCALE = 1 << LEVEL_BITS;

  /** Where the exponent of a double lies, and its zero (IEEE 754). */
  private static final int DOUBLE_SHIFT = 52;

  private static final int DOUBLE_BIAS = 1023;
  private static final int LEVEL_MAX = 65_535;

  /** Deviations of logarithms, up to 2.55: a factor of 12. */
  private static final double DEVIATION_SCALE = 100;

  /** Round-trip times of one path vary by a twentieth at least. */
  private static final double DEVIATION_MIN = 0.05;

  private static final int MEAN_SHIFT = 10;
  private static final int LEVEL_SHIFT = 26;
  private static final int DEVIATION_SHIFT = 42;
  private static final int STREAK_SHIFT = 50;
  private static final int RISING_SHIFT = 52;
  private static final int WINDOW_SHIFT = 53;
  private static final int WINDOW_MASK = 0xf;

  /** Deviations of three windows in a row, in the same direction, are a new level. */
  private static final int STREAK_MAX = 3;

  private static final double SIGMAS = 3;

  /** What no viewer notices is no new level: a tenth. */
  private static final double SHIFT_MIN = 0.1;

  /** With fewer samples there is no level that could shift. */
  private static final double LEVEL_WEIGHT_MIN = 4;

  /** What more samples do not add to: twelve half-lives of levels. */
  private static final double WEIGHT_MAX = 4096;

  /** 2 to the power of each part of {@code LEVEL_SCALE}. */
  private static final double[] POWERS = new double[(int) LEVEL_SCALE];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = Math.pow(2, i / LEVEL_SCALE);
    }
  }

  private Slot() {}

  /** Returns a slot for a location of which nothing was measured. */
  static long of(int location) {
    return location + 1L;
  }

  static int location(long slot) {
    return (int) (slot & 0x3ff) - 1;
  }

  /** Returns the mean logarithm of microseconds. */
  static double mean(long slot) {
    return (slot >>> MEAN_SHIFT & 0xffff) / MEAN_SCALE;
  }

  private static int level(long slot) {
    return (int) (slot >>> LEVEL_SHIFT & 0xffff);
  }

  /** Returns what the samples weigh at a time in half-lives; 0 without samples. */
  static double weight(long slot, double halfLives) {
    int level = level(slot);
    if (level == 0) {
      return 0;
    }
    // A power of 2 from its whole part and a table: this is asked for dozens of millions of times.
    int above = level - (int) Math.round(halfLives * LEVEL_SCALE);
    long exponent = (long) (above >> LEVEL_BITS) + DOUBLE_BIAS;
    return Double.longBitsToDouble(exponent << DOUBLE_SHIFT) * POWERS[above & (POWERS.length - 1)];
  }

  /** Returns the standard deviation of a sample's logarithm. */
  static double deviation(long slot) {
    return Math.max(DEVIATION_MIN, (slot >>> DEVIATION_SHIFT & 0xff) / DEVIATION_SCALE);
  }

  /** What to add to a slot. */
  record Sample(double mean, double weight, double variance) {}

  /**
   * Returns the slot with a window's samples.
   *
   * @param window its number, so that several reports of it count as one window
   */
  static long with(long slot, Sample sample, double halfLives, int window) {
    double weight = weight(slot, halfLives);
    if (weight < Epoch.WEIGHT_MIN) {
      return packed(
          location(slot), sample.mean(), sample.weight(), Math.sqrt(sample.variance()), halfLives);
    }
    double apart = sample.mean() - mean(slot);
    double deviation = Math.max(deviation(slot), Math.sqrt(sample.variance()));
    double noise = deviation * Math.sqrt(1 / weight + 1 / sample.weight());
    boolean strays =
        weight >= LEVEL_WEIGHT_MIN && Math.abs(apart) > Math.max(SIGMAS * noise, SHIFT_MIN);
    boolean sameWindow = (slot >>> WINDOW_SHIFT & WINDOW_MASK) == (window & WINDOW_MASK);
    boolean rising = (slot >>> RISING_SHIFT & 1) == 1;
    int streak = (int) (slot >>> STREAK_SHIFT & 3);
    if (strays && !(sameWindow && streak > 0)) {
      streak = streak == 0 || rising == apart > 0 ? streak + 1 : 1;
    } else if (!strays && !sameWindow) {
      streak = 0;
    }
    if (streak >= STREAK_MAX) {
      return packed(location(slot), sample.mean(), sample.weight(), deviation(slot), halfLives);
    }
    double sum = Math.min(weight + sample.weight(), WEIGHT_MAX);
    double variance =
        deviation(slot) * deviation(slot) * (1 - sample.weight() / sum)
            + sample.weight() / sum * sample.variance();
    long made =
        packed(
            location(slot),
            mean(slot) + apart * sample.weight() / sum,
            sum,
            Math.sqrt(variance),
            halfLives);
    return made
        | (long) streak << STREAK_SHIFT
        | (apart > 0 ? 1L : 0L) << RISING_SHIFT
        | (long) (window & WINDOW_MASK) << WINDOW_SHIFT;
  }

  /** Returns the slot with samples that are of many paths, where there is no level to shift. */
  static long plus(long slot, Sample sample, double halfLives) {
    double weight = weight(slot, halfLives);
    if (weight < Epoch.WEIGHT_MIN) {
      return packed(location(slot), sample.mean(), sample.weight(), 0, halfLives);
    }
    double sum = Math.min(weight + sample.weight(), WEIGHT_MAX);
    double share = sample.weight() / sum;
    double mean = mean(slot) + (sample.mean() - mean(slot)) * share;
    return packed(location(slot), mean, sum, 0, halfLives);
  }

  /** Returns whether a slot was begun anew by samples that were added to another. */
  static boolean isShifted(long before, long after, double halfLives) {
    return weight(before, halfLives) > weight(after, halfLives)
        && (before >>> STREAK_SHIFT & 3) > 0;
  }

  private static long packed(
      int location, double mean, double weight, double deviation, double halfLives) {
    long level = Math.round((Math.log(weight) / Epoch.LN_2 + halfLives) * LEVEL_SCALE);
    return location + 1L
        | (long) Math.clamp(Math.round(mean * MEAN_SCALE), 0, 0xffff) << MEAN_SHIFT
        | (long) Math.clamp(level, 1, LEVEL_MAX) << LEVEL_SHIFT
        | (long) Math.clamp(Math.round(deviation * DEVIATION_SCALE), 0, 0xff) << DEVIATION_SHIFT;
  }

  /** Returns the slot as it is when half-lives are counted from later on. */
  static long rebased(long slot, int halfLives) {
    int level = level(slot);
    long lower = Math.max(0, level - (long) (halfLives * LEVEL_SCALE));
    return (slot & ~(0xffffL << LEVEL_SHIFT)) | lower << LEVEL_SHIFT;
  }
}
