package warmfront.routing.map;

import java.util.Arrays;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/** Ranges of viewers and what was measured of them. Owned by the map maker. */
final class Prefixes {
  /** Candidates of a range. */
  static final int WIDTH = 12;

  /** No location was given. */
  static final int NOWHERE = -1;

  /** Samples count half after twenty windows more. */
  private static final float FADING = 0.966f;

  private static final int FAMILY_SHIFT = 48;
  private static final int GIVEN_MASK = 0x3ff;
  private static final int STREAK_SHIFT = 10;
  private static final int STREAK_MASK = 3;
  private static final int HELD = 1 << 12;
  private static final int WATCHED = 1 << 13;

  /**
   * A share of the rows that is forgotten at once when there is no room: a pass over all is dear.
   */
  private static final int EVICTED_SHARE = 64;

  private static final class Page {
    private final int[] systems;
    private final int[] places;
    private final int[] states;
    private final char[] seen;
    private final char[] first;
    private final float[] traffic;

    private Page(int rows) {
      systems = new int[rows];
      places = new int[rows];
      states = new int[rows];
      seen = new char[rows];
      first = new char[rows];
      traffic = new float[rows];
    }
  }

  private static final int ROW_BYTES = 3 * Integer.BYTES + 2 * Character.BYTES + Float.BYTES;

  private final int max;
  private final SlotTable table;
  private Page[] pages = {};
  private long evicted;

  Prefixes(int max) {
    this.max = max;
    this.table = new SlotTable(WIDTH, max);
  }

  SlotTable table() {
    return table;
  }

  static long key(Prefix viewers) {
    Family family = viewers.family();
    return (family == Family.IPV4 ? 0 : 1L) << FAMILY_SHIFT
        | viewers.bits() >>> (Long.SIZE - family.measuredLength());
  }

  static Family family(long key) {
    return key >>> FAMILY_SHIFT == 0 ? Family.IPV4 : Family.IPV6;
  }

  /** Returns the first 64 bits of a key's first address. */
  static long bits(long key) {
    int length = family(key).measuredLength();
    return (key & ((1L << FAMILY_SHIFT) - 1)) << (Long.SIZE - length);
  }

  /** Adds a range; those not seen for longest leave for it if there is no room. */
  int add(long key, int system, int place, int tick) {
    if (table.isFull()) {
      evict();
    }
    int row = table.add(key);
    if (row >> SlotTable.PAGE_BITS == pages.length) {
      pages = Arrays.copyOf(pages, pages.length + 1);
      pages[pages.length - 1] = new Page(Math.min(SlotTable.PAGE, max));
    }
    Page page = page(row);
    int at = row & SlotTable.PAGE_MASK;
    page.systems[at] = system;
    page.places[at] = place;
    page.states[at] = 0;
    page.first[at] = (char) tick;
    page.seen[at] = (char) tick;
    page.traffic[at] = 0;
    return row;
  }

  private void evict() {
    int count = Math.max(1, table.size() / EVICTED_SHARE);
    int[] ticks = new int[Character.MAX_VALUE + 1];
    for (int row = 0; row < table.end(); row++) {
      if (table.isUsed(row)) {
        ticks[seen(row)]++;
      }
    }
    int until = 0;
    for (int sum = ticks[0]; sum < count; sum += ticks[until]) {
      until++;
    }
    int[] rows = new int[count];
    int found = 0;
    for (int row = 0; row < table.end() && found < count; row++) {
      if (table.isUsed(row) && seen(row) <= until) {
        rows[found++] = row;
      }
    }
    table.remove(Arrays.copyOf(rows, found));
    evicted += found;
  }

  private Page page(int row) {
    return pages[row >> SlotTable.PAGE_BITS];
  }

  int system(int row) {
    return page(row).systems[row & SlotTable.PAGE_MASK];
  }

  int place(int row) {
    return page(row).places[row & SlotTable.PAGE_MASK];
  }

  /** Has another knowledge of where a range belongs. */
  void place(int row, int system, int place) {
    page(row).systems[row & SlotTable.PAGE_MASK] = system;
    page(row).places[row & SlotTable.PAGE_MASK] = place;
  }

  /** Returns in which tick it was last measured. */
  int seen(int row) {
    return page(row).seen[row & SlotTable.PAGE_MASK];
  }

  /** Returns in which tick it was first measured, or began anew. */
  int first(int row) {
    return page(row).first[row & SlotTable.PAGE_MASK];
  }

  /** Notes when it was first and last measured. */
  void met(int row, int first, int seen) {
    page(row).first[row & SlotTable.PAGE_MASK] = (char) first;
    page(row).seen[row & SlotTable.PAGE_MASK] = (char) seen;
  }

  /** Returns how many samples it has, about, with the older ones counting less. */
  float traffic(int row) {
    return page(row).traffic[row & SlotTable.PAGE_MASK];
  }

  /** Returns how many samples all have together, about. */
  double traffic() {
    double sum = 0;
    for (int row = 0; row < table.end(); row++) {
      sum += table.isUsed(row) ? traffic(row) : 0;
    }
    return sum;
  }

  void traffic(int row, float traffic) {
    page(row).traffic[row & SlotTable.PAGE_MASK] = traffic;
  }

  /**
   * Returns how many samples a range has in a window, about.
   *
   * @param windows that ended since measuring began; of a range that came later it is too few
   */
  double samplesPerWindow(int row, int windows) {
    return traffic(row) * (1 - FADING) / (1 - Math.pow(FADING, windows + 1));
  }

  /** Lets the samples so far count less. */
  void fade() {
    for (Page page : pages) {
      for (int i = 0; i < page.traffic.length; i++) {
        page.traffic[i] *= FADING;
      }
    }
  }

  /** Reads a word of each line of memory that a range lies in, see {@link Ahead}. */
  long touch(int row) {
    long[] slots = table.page(row);
    int first = table.first(row);
    Page page = page(row);
    int at = row & SlotTable.PAGE_MASK;
    long numbers = (long) page.systems[at] + page.places[at] + page.states[at] + page.first[at];
    return numbers
        + table.key(row)
        + slots[first]
        + slots[first + WIDTH - 1]
        + (long) page.traffic[at];
  }

  private int state(int row) {
    return page(row).states[row & SlotTable.PAGE_MASK];
  }

  private void state(int row, int state) {
    page(row).states[row & SlotTable.PAGE_MASK] = state;
  }

  /** Returns the location that the newest map gives it, or {@link #NOWHERE}. */
  int given(int row) {
    return (state(row) & GIVEN_MASK) - 1;
  }

  void give(int row, int location) {
    state(row, (state(row) & ~GIVEN_MASK) | (location + 1));
  }

  /** Returns for how many windows another location has been better, 0 to 3. */
  int streak(int row) {
    return state(row) >>> STREAK_SHIFT & STREAK_MASK;
  }

  void streak(int row, int windows) {
    state(
        row,
        (state(row) & ~(STREAK_MASK << STREAK_SHIFT))
            | Math.min(windows, STREAK_MASK) << STREAK_SHIFT);
  }

  /** Returns whether it stays where it is. */
  boolean isHeld(int row) {
    return (state(row) & HELD) != 0;
  }

  void hold(int row, boolean held) {
    state(row, held ? state(row) | HELD : state(row) & ~HELD);
  }

  /** Returns whether a {@link Watch} is interested in it. */
  boolean isWatched(int row) {
    return (state(row) & WATCHED) != 0;
  }

  void watch(int row, boolean watched) {
    state(row, watched ? state(row) | WATCHED : state(row) & ~WATCHED);
  }

  int rawState(int row) {
    return state(row);
  }

  void rawState(int row, int state) {
    state(row, state);
  }

  /** Forgets a location that left. */
  void forget(int location) {
    table.forget(location);
    for (int row = 0; row < table.end(); row++) {
      if (given(row) == location) {
        give(row, NOWHERE);
      }
    }
  }

  void rebase() {
    table.rebase(Epoch.REBASE);
    for (int row = 0; row < table.end(); row++) {
      met(row, earlier(first(row)), earlier(seen(row)));
    }
  }

  private static int earlier(int tick) {
    return Math.max(0, tick - Epoch.TICKS_PER_REBASE);
  }

  /** Returns the rows of a family in the order of their addresses. */
  int[] ordered(Family family) {
    int count = 0;
    for (int row = 0; row < table.end(); row++) {
      count += table.isUsed(row) && family(table.key(row)) == family ? 1 : 0;
    }
    int[] rows = new int[count];
    int at = 0;
    for (int row = 0; row < table.end(); row++) {
      if (table.isUsed(row) && family(table.key(row)) == family) {
        rows[at++] = row;
      }
    }
    return sorted(rows, family.measuredLength());
  }

  /** Sorts by key, a byte at a time, from the lowest on. */
  private int[] sorted(int[] rows, int bits) {
    int[] from = rows;
    int[] into = new int[rows.length];
    for (int shift = 0; shift < bits; shift += Byte.SIZE) {
      int[] starts = new int[257];
      for (int row : from) {
        starts[(int) (table.key(row) >>> shift & 0xff) + 1]++;
      }
      for (int i = 1; i < starts.length; i++) {
        starts[i] += starts[i - 1];
      }
      for (int row : from) {
        into[starts[(int) (table.key(row) >>> shift & 0xff)]++] = row;
      }
      int[] swapped = from;
      from = into;
      into = swapped;
    }
    return from;
  }

  long evicted() {
    return evicted;
  }

  /** Returns the bytes of memory that it takes. */
  long bytes() {
    long bytes = table.bytes();
    for (Page page : pages) {
      bytes += (long) page.seen.length * ROW_BYTES;
    }
    return bytes;
  }
}
