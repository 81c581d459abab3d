package warmfront.bench;

import java.util.Collection;

/**
 * What several rounds of one measurement came to.
 *
 * @param median the middle value; of an even number of rounds the mean of the two in the middle
 * @param least the smallest value
 * @param most the largest value
 * @param rounds how many values there were, at least one
 */
record Sample(double median, double least, double most, int rounds) {
  /** Returns the sample of {@code values}, which must not be empty. */
  static Sample of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("a sample of no rounds");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** Returns the value below which {@code share} (0 to 1) of {@code sorted} lie: nearest rank. */
  static long quantile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }
}
