package warmfront.routing.map;

import java.util.Arrays;
import java.util.Map;
import warmfront.distribution.Location;
import warmfront.distribution.Rendezvous;

/**
 * Who is sent to the next location because the best one is nearly full: those who lose least by it.
 * A location above 85 % of its capacity gives up one percent more of its viewers with each edition,
 * and takes them back in the same steps below 70 %. Owned by the map maker.
 */
final class Spill {
  private static final double FULL = 0.85;
  private static final double ROOMY = 0.70;
  private static final int STEP_PERCENT = 1;

  /** Buckets of regret: an eighth of a logarithm of milliseconds each. */
  private static final int BUCKETS = 96;

  private static final double BUCKETS_PER_LOG = 8;

  private final int[] percent = new int[Numbering.LOCATIONS_MAX];
  private final boolean[] full = new boolean[Numbering.LOCATIONS_MAX];
  private final double[] thresholds = new double[Numbering.LOCATIONS_MAX];
  private final float[][] viewers = new float[Numbering.LOCATIONS_MAX][];

  /** Hears what locations send, and decides how much of their viewers each gives up. */
  void hear(Numbering numbering, Map<String, Double> loadGbps) {
    for (int number = 0; number < numbering.size(); number++) {
      Location one = numbering.location(number).orElse(null);
      if (one == null) {
        percent[number] = 0;
      }
      // Of whom nothing is known any more, viewers are taken back.
      double share = one == null ? 0 : loadGbps.getOrDefault(one.id(), 0.0) / one.capacityGbps();
      full[number] = share > FULL;
      if (share > FULL) {
        percent[number] = Math.min(100, percent[number] + STEP_PERCENT);
      } else if (share < ROOMY) {
        percent[number] = Math.max(0, percent[number] - STEP_PERCENT);
      }
      thresholds[number] = threshold(number);
    }
    for (float[] histogram : viewers) {
      if (histogram != null) {
        Arrays.fill(histogram, 0);
      }
    }
  }

  /** Returns up to which bucket of regret viewers are given up, with a fraction of the last one. */
  private double threshold(int location) {
    float[] histogram = viewers[location];
    if (percent[location] == 0 || histogram == null) {
      return 0;
    }
    double all = 0;
    for (float one : histogram) {
      all += one;
    }
    double wanted = all * percent[location] / 100;
    double sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      if (sum + histogram[i] >= wanted && histogram[i] > 0) {
        return i + (wanted - sum) / histogram[i];
      }
      sum += histogram[i];
    }
    return BUCKETS;
  }

  private static int bucket(double regretMillis) {
    return (int) Math.min(BUCKETS - 1, Math.log(1 + regretMillis) * BUCKETS_PER_LOG);
  }

  /** Notes a range whose best location is this one. */
  void note(int location, double regretMillis, double traffic) {
    if (viewers[location] == null) {
      viewers[location] = new float[BUCKETS];
    }
    viewers[location][bucket(regretMillis)] += (float) traffic;
  }

  /** Returns whether a range is given up by its best location. */
  boolean givesUp(int location, double regretMillis, long key) {
    if (thresholds[location] == 0 || percent[location] == 0) {
      return false;
    }
    double within = (Rendezvous.mix(key) >>> 11) * 0x1p-53;
    return bucket(regretMillis) + within < thresholds[location];
  }

  /** Returns whether a location is to get no further viewers. */
  boolean isFull(int location) {
    return full[location];
  }
}
