package warmfront.routing.map;

import java.util.Arrays;

/**
 * The estimates of one range of viewers after the other. The mean of a range's own samples is drawn
 * toward its system's by up to one sample's worth, and toward what geography says by a third: both
 * are off by tens of percent, as a rule, where a sample is off by a few. Owned by the map maker.
 */
final class Estimates {
  /** What a system is worth, in samples. */
  private static final double SYSTEM_WORTH = 1;

  /** What geography is worth, in samples. */
  private static final double PLACE_WORTH = 0.3;

  /** What is worth that it is not known where a range is. */
  private static final double NOWHERE_WORTH = 0.1;

  /** So many samples tell that a table has a range in the wrong place. */
  private static final double MISPLACED_WEIGHT = 2;

  /** What it is worth that a range is as its system is, in samples. */
  private static final double APART_DOUBT = 1;

  /** How far one sample's worth is off, as a logarithm: by a factor of 1.4. */
  private static final double DOUBT = 0.35;

  /** Nine in ten are above the mean less this many deviations. */
  private static final double TENTH = 1.28;

  /** Four in five are below the mean and as many deviations. */
  private static final double SURE = 0.8;

  /** One in three is off by more in one direction. */
  private static final double OFTEN = 0.4;

  /** A range has been somewhere with so much of a sample: it loses weight from the first window. */
  private static final double TRIED_WEIGHT = 0.5;

  /** A factor of five thirds. */
  private static final double UNTRIED = Math.log(5 / 3.0);

  private final Prefixes prefixes;
  private final Systems.Known system;
  private final Prior.From place;
  private final int[] locations = new int[Prefixes.WIDTH];

  /** Means of the range's own samples first, estimates then. */
  private final double[] logs = new double[Prefixes.WIDTH];

  private final double[] worths = new double[Prefixes.WIDTH];
  private final double[] own = new double[Prefixes.WIDTH];
  private final float[] systems = new float[Prefixes.WIDTH];
  private final double[] places = new double[Prefixes.WIDTH];
  private int count;
  private int best;
  private boolean placed;
  private double apart;

  /**
   * Makes estimates of nothing yet.
   *
   * @param system whose place is this one's to change; nothing of it is kept
   * @param place likewise
   */
  Estimates(Prefixes prefixes, Systems.Known system, Prior.From place) {
    this.prefixes = prefixes;
    this.system = system;
    this.place = place;
  }

  /** Estimates the candidates of a range. */
  void go(int row, double halfLives) {
    system.go(prefixes.system(row), halfLives);
    place.go(prefixes.place(row));
    placed = place.isSomewhere();
    count = 0;
    long[] page = prefixes.table().page(row);
    int first = prefixes.table().first(row);
    boolean misplaced = false;
    for (int i = first; i < first + Prefixes.WIDTH; i++) {
      if (page[i] != Slot.EMPTY) {
        int location = Slot.location(page[i]);
        int step = place.step(location);
        double mean = Slot.mean(page[i]);
        double weight = Slot.weight(page[i], halfLives);
        add(location, step, mean, weight);
        // Measured to be faster than light from where a table has the range: it is not there.
        misplaced |= weight >= MISPLACED_WEIGHT && mean < Prior.leastLog(step);
      }
    }
    if (misplaced) {
      placed = false;
      Arrays.fill(places, Prior.logMicros(Prior.NOWHERE));
    }
    apart = apart();
    estimate();
  }

  private void add(int location, int step, double mean, double weight) {
    locations[count] = location;
    logs[count] = mean;
    own[count] = weight;
    systems[count] = system.weight(location);
    places[count++] = Prior.logMicros(step);
  }

  /**
   * Returns by how much a range is farther than its system where both were measured, as a
   * logarithm: it is that far from elsewhere, too.
   */
  private double apart() {
    double sum = 0;
    double worth = APART_DOUBT;
    for (int i = 0; i < count; i++) {
      if (systems[i] >= 1) {
        double weight = Math.min(SYSTEM_WORTH, own[i]);
        sum += weight * (logs[i] - system.mean(locations[i]));
        worth += weight;
      }
    }
    return sum / worth;
  }

  /** Estimates locations for a system's ranges at a place, of which nothing else is known. */
  void go(int systemRow, int at, int[] candidates, double halfLives) {
    system.go(systemRow, halfLives);
    place.go(at);
    placed = place.isSomewhere();
    apart = 0;
    count = 0;
    for (int rank = 0; rank < system.count() && rank < Prefixes.WIDTH / 2; rank++) {
      add(system.location(rank), place.step(system.location(rank)), 0, 0);
    }
    for (int candidate : candidates) {
      if (count < Prefixes.WIDTH && indexOf(candidate) < 0) {
        add(candidate, place.step(candidate), 0, 0);
      }
    }
    estimate();
  }

  private void estimate() {
    double known = placed ? PLACE_WORTH : NOWHERE_WORTH;
    best = 0;
    for (int i = 0; i < count; i++) {
      double shared = Math.min(SYSTEM_WORTH, systems[i]);
      double worth = own[i] + shared + known;
      logs[i] =
          (own[i] * logs[i] + shared * (system.mean(locations[i]) + apart) + known * places[i])
              / worth;
      worths[i] = worth;
      best = logs[i] < logs[best] ? i : best;
    }
  }

  /** Returns how many candidates there are. */
  int count() {
    return count;
  }

  int location(int i) {
    return locations[i];
  }

  /** Returns the estimate, a logarithm of microseconds. */
  double log(int i) {
    return logs[i];
  }

  /** Returns what nine in ten such estimates turn out to be above. */
  double lowerBound(int i) {
    return logs[i] - TENTH * DOUBT / Math.sqrt(worths[i]);
  }

  /** Returns whether the range itself or its system was measured. */
  boolean isMeasured(int i) {
    return own[i] >= Epoch.WEIGHT_MIN || systems[i] >= Epoch.WEIGHT_MIN;
  }

  /**
   * Returns what the time is not above, as sure as one may be. What a system measured is of those
   * of its ranges that are near the location: without a sample of its own, a range may be two
   * thirds farther.
   */
  double upperBound(int i) {
    return logs[i] + (own[i] < TRIED_WEIGHT ? UNTRIED : SURE * DOUBT / Math.sqrt(worths[i]));
  }

  /** Returns by how much the estimate may well be too high. */
  double doubt(int i) {
    return OFTEN * DOUBT / Math.sqrt(worths[i]);
  }

  /** Returns the weight of the range's own samples of a candidate. */
  double ownWeight(int i) {
    return own[i];
  }

  /** Returns the weight of the system's samples of a candidate. */
  double systemWeight(int i) {
    return systems[i];
  }

  /** Returns which candidate has most samples of the range's own; negative if none has any. */
  int mostMeasured() {
    int most = -1;
    for (int i = 0; i < count; i++) {
      if (own[i] >= Epoch.WEIGHT_MIN && (most < 0 || own[i] > own[most])) {
        most = i;
      }
    }
    return most;
  }

  /** Returns which candidate geography has nearest; negative if it has nothing to say. */
  int nearest() {
    int nearest = -1;
    for (int i = 0; i < count && placed; i++) {
      if (nearest < 0 || places[i] < places[nearest]) {
        nearest = i;
      }
    }
    return nearest;
  }

  /** Returns which candidate has the least estimate; there is one. */
  int best() {
    return best;
  }

  /** Returns which candidate is a location; negative if none. */
  int indexOf(int location) {
    for (int i = 0; i < count; i++) {
      if (locations[i] == location) {
        return i;
      }
    }
    return -1;
  }
}
