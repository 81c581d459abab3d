package warmfront.routing.latency;

import java.util.Arrays;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Disjoint prefixes that cover a whole family, each with a value: three flat arrays and a binary
 * search. Immutable; a look-up makes no garbage.
 */
public final class PrefixMap {
  private final Family family;
  private final long[] starts;
  private final byte[] lengths;
  private final int[] values;

  private PrefixMap(Family family, long[] starts, byte[] lengths, int[] values) {
    this.family = family;
    this.starts = starts;
    this.lengths = lengths;
    this.values = values;
  }

  /** Returns the index of the prefix that holds an address of which these are the first 64 bits. */
  public int find(long bits) {
    int found = Arrays.binarySearch(starts, family.unitOf(bits));
    return found >= 0 ? found : -found - 2;
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
