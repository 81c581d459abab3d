package warmfront.routing.map;

import java.util.Arrays;
import warmfront.distribution.Rendezvous;

/**
 * Rows of slots by a key, in pages that are made as rows are: it takes no more memory than it has
 * use for. Rows have numbers that stay until a row is removed. Owned by the map maker.
 */
final class SlotTable {
  /** Rows of a page, as a power of two. */
  static final int PAGE_BITS = 14;

  static final int PAGE = 1 << PAGE_BITS;
  static final int PAGE_MASK = PAGE - 1;

  /** No row. */
  static final int NONE = -1;

  /** The key of a row that was removed. */
  private static final long REMOVED = -1;

  private final int width;
  private final int max;
  private long[][] keys = {};
  private long[][] slots = {};
  private int[] index = filled(64);
  private int[] free = {};
  private int freeCount;
  private int used;

  /**
   * Makes an empty table.
   *
   * @param width slots of a row
   * @param max most rows
   */
  SlotTable(int width, int max) {
    this.width = width;
    this.max = max;
  }

  private static int[] filled(int size) {
    int[] made = new int[size];
    Arrays.fill(made, NONE);
    return made;
  }

  int width() {
    return width;
  }

  /** Returns the row of a key, or {@link #NONE}. */
  int find(long key) {
    int mask = index.length - 1;
    for (int at = (int) Rendezvous.mix(key) & mask; index[at] != NONE; at = (at + 1) & mask) {
      if (key(index[at]) == key) {
        return index[at];
      }
    }
    return NONE;
  }

  /** Returns whether no further row can be added. */
  boolean isFull() {
    return size() >= max;
  }

  /** Adds a row of empty slots for a key that has none; there must be room. */
  int add(long key) {
    int row = freeCount > 0 ? free[--freeCount] : used++;
    if (row >> PAGE_BITS == keys.length) {
      keys = Arrays.copyOf(keys, keys.length + 1);
      slots = Arrays.copyOf(slots, slots.length + 1);
      keys[keys.length - 1] = new long[Math.min(PAGE, max)];
      slots[slots.length - 1] = new long[Math.min(PAGE, max) * width];
    }
    keys[row >> PAGE_BITS][row & PAGE_MASK] = key;
    if (size() * 2 > index.length) {
      index = filled(index.length * 2);
      reindex();
    } else {
      put(row);
    }
    return row;
  }

  private void put(int row) {
    int mask = index.length - 1;
    int at = (int) Rendezvous.mix(key(row)) & mask;
    while (index[at] != NONE) {
      at = (at + 1) & mask;
    }
    index[at] = row;
  }

  private void reindex() {
    for (int row = 0; row < used; row++) {
      if (isUsed(row)) {
        put(row);
      }
    }
  }

  /** Removes rows; their numbers are given to others. */
  void remove(int[] rows) {
    if (free.length < freeCount + rows.length) {
      free = Arrays.copyOf(free, freeCount + rows.length);
    }
    for (int row : rows) {
      keys[row >> PAGE_BITS][row & PAGE_MASK] = REMOVED;
      int first = (row & PAGE_MASK) * width;
      Arrays.fill(slots[row >> PAGE_BITS], first, first + width, Slot.EMPTY);
      free[freeCount++] = row;
    }
    Arrays.fill(index, NONE);
    reindex();
  }

  long key(int row) {
    return keys[row >> PAGE_BITS][row & PAGE_MASK];
  }

  boolean isUsed(int row) {
    return key(row) != REMOVED;
  }

  /** Returns the slots of the page that holds a row; its own begin at {@link #first}. */
  long[] page(int row) {
    return slots[row >> PAGE_BITS];
  }

  int first(int row) {
    return (row & PAGE_MASK) * width;
  }

  /** Returns the index into {@link #page} of a row's slot for a location, or {@link #NONE}. */
  int slot(int row, int location) {
    long[] page = page(row);
    int first = first(row);
    for (int i = first; i < first + width; i++) {
      if (Slot.location(page[i]) == location) {
        return i;
      }
    }
    return NONE;
  }

  /** Returns how many rows there are. */
  int size() {
    return used - freeCount;
  }

  /** Returns the number after the highest one; rows below may have been removed. */
  int end() {
    return used;
  }

  /** Takes all slots of a location out. */
  void forget(int location) {
    for (long[] page : slots) {
      for (int i = 0; i < page.length; i++) {
        if (page[i] != Slot.EMPTY && Slot.location(page[i]) == location) {
          page[i] = Slot.EMPTY;
        }
      }
    }
  }

  /** Counts half-lives from later on. */
  void rebase(int halfLives) {
    for (long[] page : slots) {
      for (int i = 0; i < page.length; i++) {
        page[i] = Slot.rebased(page[i], halfLives);
      }
    }
  }

  /** Returns the bytes of memory that it takes. */
  long bytes() {
    long bytes = ((long) index.length + free.length) * Integer.BYTES;
    for (int i = 0; i < keys.length; i++) {
      bytes += ((long) keys[i].length + slots[i].length) * Long.BYTES;
    }
    return bytes;
  }
}
