package warmfront.edge.viewer;

import java.util.ArrayList;
import java.util.List;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;

/**
 * Round-trip times of ranges of viewers, gathered one after the other: a table with open addressing
 * in arrays, so that a connection leaves no object behind. What is over one range is summed as its
 * logarithms are (Welford). Used on one loop.
 */
final class RttTable {
  private static final int SLOTS_FIRST = 256;
  private static final long USED = 1L << 63;
  private static final long IPV6 = 1L << 62;
  private static final double LOG_MAX = Math.log(Measured.MICROS_MAX);

  private final int rangesMax;
  private final long hashKey;
  private long[] keys = new long[SLOTS_FIRST];
  private int[] samples = new int[SLOTS_FIRST];
  private double[] means = new double[SLOTS_FIRST];
  private double[] squares = new double[SLOTS_FIRST];
  private int[] mins = new int[SLOTS_FIRST];
  private int ranges;

  /**
   * Makes a table.
   *
   * @param rangesMax most ranges
   * @param hashKey chance, so that no viewer can choose ranges that fall on one slot
   */
  RttTable(int rangesMax, long hashKey) {
    this.rangesMax = rangesMax;
    this.hashKey = hashKey;
  }

  /**
   * Adds a time.
   *
   * @param bits the first 64 bits of the viewer's address, of IPv4 in the upper 32
   * @param micros 1 to {@link Measured#MICROS_MAX}
   * @return false if there is no room for another range
   */
  boolean add(Family family, long bits, int micros) {
    long range = bits >>> (Long.SIZE - family.measuredLength());
    long key = USED | (family == Family.IPV6 ? IPV6 : 0) | range;
    int slot = slot(key);
    if (keys[slot] == 0) {
      if (ranges >= rangesMax) {
        return false;
      }
      ranges++;
      if (ranges > keys.length / 2) {
        grow();
        slot = slot(key);
      }
      keys[slot] = key;
      mins[slot] = micros;
    }
    double log = Math.log(micros);
    double apart = log - means[slot];
    samples[slot]++;
    means[slot] += apart / samples[slot];
    squares[slot] += apart * (log - means[slot]);
    mins[slot] = Math.min(mins[slot], micros);
    return true;
  }

  /** Returns what was gathered, a row for each range. */
  List<Measured> rows() {
    List<Measured> rows = new ArrayList<>(ranges);
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] != 0) {
        rows.add(
            new Measured(
                viewers(keys[slot]),
                samples[slot],
                Math.min(means[slot], LOG_MAX),
                Math.max(squares[slot], 0),
                mins[slot]));
      }
    }
    return rows;
  }

  private static Prefix viewers(long key) {
    Family family = (key & IPV6) == 0 ? Family.IPV4 : Family.IPV6;
    int length = family.measuredLength();
    // What marks the key is shifted out.
    return new Prefix(family, key << (Long.SIZE - length), length);
  }

  private int slot(long key) {
    int slot = (int) (((key ^ hashKey) * 0x9E3779B97F4A7C15L) >>> 33) & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldSamples = samples;
    double[] oldMeans = means;
    double[] oldSquares = squares;
    int[] oldMins = mins;
    int slots = oldKeys.length * 2;
    keys = new long[slots];
    samples = new int[slots];
    means = new double[slots];
    squares = new double[slots];
    mins = new int[slots];
    for (int old = 0; old < oldKeys.length; old++) {
      if (oldKeys[old] != 0) {
        int slot = slot(oldKeys[old]);
        keys[slot] = oldKeys[old];
        samples[slot] = oldSamples[old];
        means[slot] = oldMeans[old];
        squares[slot] = oldSquares[old];
        mins[slot] = oldMins[old];
      }
    }
  }
}
