package warmfront.routing.latency;

import java.util.Arrays;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Disjoint prefixes that cover a whole family, each with a value: flat arrays, in which an index by
 * a unit's first bits says between which prefixes a binary search is to begin and to end. Without
 * the index a search of a million prefixes is as many misses of the processor's caches as it has
 * steps; with it they are two. Immutable; a look-up makes no garbage.
 */
public final class PrefixMap {
  private static final int INDEX_BITS = 16;

  private final Family family;
  private final long[] starts;
  private final byte[] lengths;
  private final int[] values;

  /** For each beginning of a unit the prefix that holds the first such unit, and one to end. */
  private final int[] index;

  private final int shift;

  private PrefixMap(Family family, long[] starts, byte[] lengths, int[] values) {
    this.family = family;
    this.starts = starts;
    this.lengths = lengths;
    this.values = values;
    this.shift = family.unitLength() - INDEX_BITS;
    this.index = new int[(1 << INDEX_BITS) + 1];
    int prefix = 0;
    for (int i = 0; i < 1 << INDEX_BITS; i++) {
      long first = (long) i << shift;
      while (prefix + 1 < starts.length && starts[prefix + 1] <= first) {
        prefix++;
      }
      index[i] = prefix;
    }
    index[1 << INDEX_BITS] = starts.length - 1;
  }

  /** Returns the index of the prefix that holds an address of which these are the first 64 bits. */
  public int find(long bits) {
    long unit = family.unitOf(bits);
    int beginning = (int) (unit >>> shift);
    int low = index[beginning];
    int high = index[beginning + 1];
    // The last prefix from low to high that does not start beyond the unit.
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= unit) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Returns a prefix's length, in bits, at most that of a unit. */
  public int length(int index) {
    return lengths[index];
  }

  /** Returns a prefix's value, {@link Ranges#NONE} if nothing is known of it. */
  public int value(int index) {
    return values[index];
  }

  /** Returns a prefix. */
  public Prefix prefix(int index) {
    return new Prefix(family, family.bitsOf(starts[index]), lengths[index]);
  }

  /** Returns the number of prefixes, 1 and up. */
  public int size() {
    return starts.length;
  }

  /** Takes prefixes in ascending order. */
  static final class Maker {
    private final Family family;
    private long[] starts = new long[64];
    private byte[] lengths = new byte[64];
    private int[] values = new int[64];
    private int size;

    Maker(Family family) {
      this.family = family;
    }

    void add(long unit, int length, int value) {
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, size * 2);
        lengths = Arrays.copyOf(lengths, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
      starts[size] = unit;
      lengths[size] = (byte) length;
      values[size++] = value;
    }

    PrefixMap made() {
      return new PrefixMap(
          family,
          Arrays.copyOf(starts, size),
          Arrays.copyOf(lengths, size),
          Arrays.copyOf(values, size));
    }
  }
}
