package warmfront.routing.map;

import java.util.Arrays;

/**
 * Whether what was moved is better off: of one edition, what is measured at the new locations
 * against what the old ones were like, of the same ranges with the same weights. Two windows worse
 * by more than a tenth, in the mean of logarithms or, where that is not better, at the ninetieth
 * percentile, take an edition back. Owned by the map maker.
 */
final class Watch {
  /** What became of the ranges of an edition, as far as it is known. */
  enum Outcome {
    WATCHING,
    KEPT,
    WORSE
  }

  private static final int WINDOWS = 2;

  /** Windows in which it may yet be found worse twice; afterwards it stays. */
  private static final int WINDOWS_MAX = 6;

  private static final double WORSE_LOG = Math.log(1.1);
  private static final double SAMPLES_MIN = 30;
  private static final double TENTH = 0.9;

  /** Three points, a sixth, four sixths, a sixth, stand for a normal distribution. */
  private static final double SQRT_3 = Math.sqrt(3);

  /** Buckets of a histogram of logarithms: a fiftieth each. */
  private static final int BUCKETS = 700;

  private static final double BUCKETS_PER_LOG = 50;

  private final int[] rows;
  private final int[] olds;
  private final int[] news;
  private final float[] baselines;
  private final float[] deviations;
  private final double[] before = new double[BUCKETS];
  private final double[] after = new double[BUCKETS];
  private double samples;
  private double apart;
  private int windows;
  private int worse;
  private int good;

  private Watch(int[] rows, int[] places, float[] baselines, float[] deviations) {
    this.rows = rows;
    this.baselines = baselines;
    this.deviations = deviations;
    this.olds = new int[rows.length];
    this.news = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      olds[i] = places[i] >>> 16;
      news[i] = places[i] & 0xffff;
    }
  }

  /** Takes the ranges that an edition moves. Owned by one thread. */
  static final class Maker {
    private int[] rows = new int[64];
    private int[] places = new int[64];
    private float[] baselines = new float[64];
    private float[] deviations = new float[64];
    private int size;

    /**
     * Adds a range, in ascending order of their rows.
     *
     * @param slot what was measured at {@code from}
     */
    void add(int row, int from, int to, long slot) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
        places = Arrays.copyOf(places, size * 2);
        baselines = Arrays.copyOf(baselines, size * 2);
        deviations = Arrays.copyOf(deviations, size * 2);
      }
      rows[size] = row;
      places[size] = from << 16 | to;
      baselines[size] = (float) Slot.mean(slot);
      deviations[size++] = (float) Slot.deviation(slot);
    }

    Watch made() {
      return new Watch(
          Arrays.copyOf(rows, size),
          Arrays.copyOf(places, size),
          Arrays.copyOf(baselines, size),
          Arrays.copyOf(deviations, size));
    }
  }

  /** Takes what was measured of a range that may be one of these. */
  void measured(int row, int location, Slot.Sample sample) {
    int at = Arrays.binarySearch(rows, row);
    if (at < 0 || news[at] != location) {
      return;
    }
    samples += sample.weight();
    apart += sample.weight() * (sample.mean() - baselines[at]);
    // The mean of as many samples as these would have strayed so far before, too.
    double strays = SQRT_3 * deviations[at] / Math.sqrt(sample.weight());
    before[bucket(baselines[at])] += sample.weight() * 4 / 6;
    before[bucket(baselines[at] - strays)] += sample.weight() / 6;
    before[bucket(baselines[at] + strays)] += sample.weight() / 6;
    after[bucket(sample.mean())] += sample.weight();
  }

  private static int bucket(double log) {
    return (int) Math.clamp(log * BUCKETS_PER_LOG, 0, BUCKETS - 1);
  }

  /** Ends a window. */
  Outcome endWindow() {
    windows++;
    if (samples >= SAMPLES_MIN) {
      boolean mean = apart / samples > WORSE_LOG;
      boolean tail =
          apart > 0 && percentile(after) - percentile(before) > WORSE_LOG * BUCKETS_PER_LOG;
      worse += mean || tail ? 1 : 0;
      good += mean || tail ? 0 : 1;
      samples = 0;
      apart = 0;
      Arrays.fill(before, 0);
      Arrays.fill(after, 0);
    }
    if (worse >= WINDOWS) {
      return Outcome.WORSE;
    }
    return good >= WINDOWS || windows >= WINDOWS_MAX ? Outcome.KEPT : Outcome.WATCHING;
  }

  private static int percentile(double[] histogram) {
    double all = Arrays.stream(histogram).sum();
    double sum = 0;
    for (int i = 0; i < histogram.length; i++) {
      sum += histogram[i];
      if (sum >= TENTH * all) {
        return i;
      }
    }
    return histogram.length - 1;
  }

  int size() {
    return rows.length;
  }

  boolean has(int row) {
    return Arrays.binarySearch(rows, row) >= 0;
  }

  int row(int i) {
    return rows[i];
  }

  int from(int i) {
    return olds[i];
  }

  int to(int i) {
    return news[i];
  }
}
