package warmfront.routing.map;

import java.util.Arrays;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;

/**
 * Autonomous systems and what was measured of them: their ranges pool what they know. Where nobody
 * announces a range, as with private ones, its neighbourhood stands for a system: a /16, a /32.
 * Owned by the map maker.
 */
final class Systems {
  /** Locations that are remembered of a system. */
  static final int WIDTH = 20;

  /** So that one range with many viewers does not speak for its whole system. */
  private static final int SAMPLES_MAX = 8;

  private static final long NEIGHBOURHOOD = 1L << 40;

  private final SlotTable table;

  Systems(int max) {
    this.table = new SlotTable(WIDTH, max);
  }

  SlotTable table() {
    return table;
  }

  /** Returns the key of the system that an address belongs to. */
  static long key(Terrain terrain, Family family, long bits) {
    int announced = terrain.systems(family).value(bits);
    if (announced != Ranges.NONE) {
      return announced;
    }
    long around = family == Family.IPV4 ? bits >>> 48 : bits >>> 32;
    return (family == Family.IPV4 ? NEIGHBOURHOOD : 2 * NEIGHBOURHOOD) | around;
  }

  /** Returns the row of a key, made if need be; {@link SlotTable#NONE} if there is no room. */
  int row(long key) {
    int row = table.find(key);
    return row != SlotTable.NONE || table.isFull() ? row : table.add(key);
  }

  /** Adds what one range of a system measured. */
  void add(int row, int location, Slot.Sample sample, double halfLives) {
    long[] page = table.page(row);
    int at = table.slot(row, location);
    if (at == SlotTable.NONE) {
      at = room(row, sample, halfLives);
      if (at == SlotTable.NONE) {
        return;
      }
      page[at] = Slot.of(location);
    }
    double weight = Math.min(SAMPLES_MAX, sample.weight());
    page[at] = Slot.plus(page[at], new Slot.Sample(sample.mean(), weight, 0), halfLives);
  }

  /** Returns a slot that is free or of less use than a sample. */
  private int room(int row, Slot.Sample sample, double halfLives) {
    long[] page = table.page(row);
    int first = table.first(row);
    int worst = SlotTable.NONE;
    double worstMean = sample.mean();
    for (int i = first; i < first + WIDTH; i++) {
      if (page[i] == Slot.EMPTY || Slot.weight(page[i], halfLives) < Epoch.WEIGHT_MIN) {
        return i;
      }
      if (Slot.mean(page[i]) > worstMean) {
        worst = i;
        worstMean = Slot.mean(page[i]);
      }
    }
    return worst;
  }

  /** What a system knows of each location, spread out for look-ups. */
  final class Known {
    private final float[] means = new float[Numbering.LOCATIONS_MAX];
    private final float[] weights = new float[Numbering.LOCATIONS_MAX];
    private final int[] locations = new int[WIDTH];
    private int count;
    private int row = SlotTable.NONE;

    /** Goes to a system; {@link SlotTable#NONE} knows nothing. */
    void go(int to, double halfLives) {
      if (to == row) {
        return;
      }
      for (int i = 0; i < count; i++) {
        weights[locations[i]] = 0;
      }
      count = 0;
      row = to;
      if (to == SlotTable.NONE) {
        return;
      }
      long[] page = table.page(to);
      int first = table.first(to);
      for (int i = first; i < first + WIDTH; i++) {
        double weight = page[i] == Slot.EMPTY ? 0 : Slot.weight(page[i], halfLives);
        if (weight >= Epoch.WEIGHT_MIN) {
          int location = Slot.location(page[i]);
          means[location] = (float) Slot.mean(page[i]);
          weights[location] = (float) weight;
          insert(location);
        }
      }
    }

    private void insert(int location) {
      int at = count++;
      while (at > 0 && means[locations[at - 1]] > means[location]) {
        locations[at] = locations[at - 1];
        at--;
      }
      locations[at] = location;
    }

    /** Forgets where it was, as after a change of the table. */
    void leave() {
      Arrays.fill(weights, 0);
      count = 0;
      row = SlotTable.NONE;
    }

    float mean(int location) {
      return means[location];
    }

    float weight(int location) {
      return weights[location];
    }

    /** Returns how many locations it measured. */
    int count() {
      return count;
    }

    /** Returns a location that it measured, nearest first. */
    int location(int rank) {
      return locations[rank];
    }
  }
}
