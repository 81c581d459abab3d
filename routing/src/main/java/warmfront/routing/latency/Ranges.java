package warmfront.routing.latency;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * One value for each unit of a family, as steps: a value holds from its start to the next one's.
 * Immutable.
 */
public final class Ranges {
  /** The value of units of which nothing is known. */
  public static final int NONE = -1;

  /**
   * A prefix and its value.
   *
   * @param prefix not longer than a unit
   * @param value 0 and up
   */
  public record Row(Prefix prefix, int value) {}

  /** More than there are prefixes in the whole routing table of the Internet. */
  private static final int STEPS_MAX = 1 << 24;

  private final Family family;
  private final long[] starts;
  private final int[] values;

  private Ranges(Family family, long[] starts, int[] values) {
    this.family = family;
    this.starts = starts;
    this.values = values;
  }

  /** Returns the ranges of a family of which nothing is known. */
  public static Ranges none(Family family) {
    return new Maker(family).made();
  }

  /** Returns the ranges of rows of one family, in any order; within one another the longer wins. */
  public static Ranges of(Family family, List<Row> rows) {
    List<Row> sorted =
        rows.stream()
            .sorted(
                Comparator.comparingLong((Row row) -> family.unitOf(row.prefix().bits()))
                    .thenComparingInt(row -> row.prefix().length()))
            .toList();
    Maker maker = new Maker(family);
    Deque<Row> around = new ArrayDeque<>();
    for (Row row : sorted) {
      closeBefore(first(row), around, maker);
      if (!around.isEmpty()) {
        maker.until(first(row), around.peek().value());
      } else {
        maker.until(first(row), NONE);
      }
      around.push(row);
    }
    closeBefore(family.units(), around, maker);
    return maker.made();
  }

  private static void closeBefore(long unit, Deque<Row> around, Maker maker) {
    while (!around.isEmpty() && end(around.peek()) <= unit) {
      Row closed = around.pop();
      maker.until(end(closed), closed.value());
    }
  }

  private static long first(Row row) {
    return row.prefix().family().unitOf(row.prefix().bits());
  }

  private static long end(Row row) {
    Family family = row.prefix().family();
    return first(row) + (1L << Math.max(0, family.unitLength() - row.prefix().length()));
  }

  /** Returns these ranges where they know something, and {@code below} elsewhere. */
  public Ranges over(Ranges below) {
    return with(below, (own, other) -> own == NONE ? other : own);
  }

  /**
   * Returns what becomes of the values of these ranges and of others, unit by unit; each may be
   * {@link #NONE}.
   */
  public Ranges with(Ranges below, IntBinaryOperator change) {
    if (family != below.family) {
      throw new IllegalArgumentException(family + " does not lie over " + below.family);
    }
    Maker maker = new Maker(family);
    int mine = 0;
    int theirs = 0;
    while (mine < starts.length && theirs < below.starts.length) {
      long until = Math.min(end(mine), below.end(theirs));
      maker.until(until, change.applyAsInt(values[mine], below.values[theirs]));
      mine += end(mine) == until ? 1 : 0;
      theirs += below.end(theirs) == until ? 1 : 0;
    }
    return maker.made();
  }

  /** Returns the ranges with each value but {@link #NONE} changed; equal neighbours become one. */
  public Ranges map(IntUnaryOperator change) {
    Maker maker = new Maker(family);
    for (int i = 0; i < starts.length; i++) {
      maker.until(end(i), values[i] == NONE ? NONE : change.applyAsInt(values[i]));
    }
    return maker.made();
  }

  /** Returns the value of the unit that holds an address of which these are the first 64 bits. */
  public int value(long bits) {
    int found = Arrays.binarySearch(starts, family.unitOf(bits));
    return values[found >= 0 ? found : -found - 2];
  }

  /** Returns the fewest disjoint prefixes that say the same. */
  public PrefixMap prefixes() {
    PrefixMap.Maker maker = new PrefixMap.Maker(family);
    for (int i = 0; i < starts.length; i++) {
      long at = starts[i];
      while (at < end(i)) {
        int aligned = at == 0 ? family.unitLength() : Long.numberOfTrailingZeros(at);
        int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(end(i) - at);
        int block = Math.min(Math.min(aligned, fits), family.unitLength());
        maker.add(at, family.unitLength() - block, values[i]);
        at += 1L << block;
      }
    }
    return maker.made();
  }

  /** Writes the steps, as {@link #read} takes them. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(starts.length);
    for (int i = 0; i < starts.length; i++) {
      out.writeLong(starts[i]);
      out.writeInt(values[i]);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is not that
   */
  public static Ranges read(Family family, DataInput in) throws IOException {
    int steps = in.readInt();
    if (steps < 1 || steps > STEPS_MAX) {
      throw new IOException("not ranges: " + steps + " steps");
    }
    long[] starts = new long[steps];
    int[] values = new int[steps];
    for (int i = 0; i < steps; i++) {
      starts[i] = in.readLong();
      values[i] = in.readInt();
      boolean ascends = i == 0 ? starts[0] == 0 : starts[i] > starts[i - 1];
      if (!ascends || starts[i] >= family.units() || values[i] < NONE) {
        throw new IOException("not ranges: step " + i);
      }
    }
    return new Ranges(family, starts, values);
  }

  /** Returns the number of steps, 1 and up. */
  public int steps() {
    return starts.length;
  }

  /** Returns the first unit of a step. */
  public long start(int step) {
    return starts[step];
  }

  /** Returns the unit after the last one of a step. */
  public long end(int step) {
    return step + 1 < starts.length ? starts[step + 1] : family.units();
  }

  /** Returns the value that a step has. */
  public int valueAt(int step) {
    return values[step];
  }

  /** Returns whether both say the same of every unit. */
  public boolean sameAs(Ranges other) {
    return family == other.family
        && Arrays.equals(starts, other.starts)
        && Arrays.equals(values, other.values);
  }

  /** Makes ranges from the first unit upward. Owned by one thread. */
  public static final class Maker {
    private final Family family;
    private long[] starts = new long[64];
    private int[] values = new int[64];
    private int steps;
    private long reached;

    /** Makes a maker that has reached the family's first unit. */
    public Maker(Family family) {
      this.family = family;
    }

    /**
     * Adds a prefix that lies above all added before. A prefix longer than a unit speaks for its
     * unit if it holds the unit's first address, and for nothing otherwise.
     */
    public void add(long bits, int length, int value) {
      long unit = family.unitOf(bits);
      boolean first = family.bitsOf(unit) == bits;
      if (length > family.unitLength() && (!first || unit < reached)) {
        return;
      }
      if (unit < reached) {
        throw new IllegalArgumentException("prefixes are to ascend and not to overlap");
      }
      until(unit, NONE);
      until(unit + (1L << Math.max(0, family.unitLength() - length)), value);
    }

    /** Gives a value to all units that were not reached yet and lie below {@code end}. */
    public void until(long end, int value) {
      if (end <= reached) {
        return;
      }
      if (steps == 0 || values[steps - 1] != value) {
        if (steps == starts.length) {
          starts = Arrays.copyOf(starts, steps * 2);
          values = Arrays.copyOf(values, steps * 2);
        }
        starts[steps] = reached;
        values[steps++] = value;
      }
      reached = end;
    }

    /** Returns the ranges; what was not reached is unknown. */
    public Ranges made() {
      until(family.units(), NONE);
      return new Ranges(family, Arrays.copyOf(starts, steps), Arrays.copyOf(values, steps));
    }
  }
}
