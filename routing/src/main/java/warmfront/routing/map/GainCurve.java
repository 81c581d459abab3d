package warmfront.routing.map;

/** Who moves and what they gain by it. Owned by one thread. */
final class GainCurve {
  private static final int BUCKETS = 1 << 16;
  private static final double GAIN_MAX = 4;

  private final double[] moving = new double[BUCKETS];
  private double all;
  private double allMoving;

  void add(double traffic, boolean moves, double gain) {
    all += traffic;
    if (moves) {
      moving[bucket(gain)] += traffic;
      allMoving += traffic;
    }
  }

  private static int bucket(double gain) {
    return (int) Math.min(BUCKETS - 1, gain * (BUCKETS / GAIN_MAX));
  }

  /**
   * Returns from which gain on those may move who are at most this share of all; 0 if all may.
   * Those who gain most always may, however many they are: where few ranges have all the traffic,
   * each of them is a large share.
   */
  double leastGain(double share) {
    double most = share * all;
    if (allMoving <= most) {
      return 0;
    }
    double sum = 0;
    for (int i = BUCKETS - 1; i >= 0; i--) {
      if (sum > 0 && sum + moving[i] > most) {
        return (i + 1) * (GAIN_MAX / BUCKETS);
      }
      sum += moving[i];
    }
    return 0;
  }
}
