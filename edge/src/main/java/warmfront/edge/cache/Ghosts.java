package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * Remembers which objects left, until so many bytes have left after them. Each takes 8 bytes in a
 * table of fixed size; where that is too small the one that left first is forgotten first. Another
 * object is taken for one of them about once in a thousand million times. The table is made when
 * the first object leaves: a cache that is not full has none. Not thread-safe.
 */
final class Ghosts {
  private static final int ENTRIES_MIN = 1 << 10;

  /** 8 MiB. */
  private static final int ENTRIES_MAX = 1 << 20;

  /** One entry for so many bytes: fewer than most objects have. */
  private static final int BYTES_PER_ENTRY = 4096;

  private static final int WAYS = 4;
  private static final int KIB = 1024;

  /** Upper half: part of the id; lower half: {@link #gone} at the time, in KiB; 0 if free. */
  private long @Nullable [] table;

  private final int entries;
  private final int limitKib;

  /** Bytes that have left, in all. */
  private long gone;

  /**
   * Remembers nothing yet.
   *
   * @param limitBytes how many bytes may leave until an object is forgotten
   */
  Ghosts(long limitBytes) {
    long wanted = Long.highestOneBit(Math.max(limitBytes / BYTES_PER_ENTRY, 1)) << 1;
    entries = Math.clamp(wanted, ENTRIES_MIN, ENTRIES_MAX);
    limitKib = (int) Math.min(limitBytes / KIB, Integer.MAX_VALUE);
  }

  /** Notes that an object has left. */
  void add(long id, long bytes) {
    gone += bytes;
    long[] table = this.table;
    if (table == null) {
      table = new long[entries];
      this.table = table;
    }
    int first = firstOf(id);
    int into = first + (int) (gone & (WAYS - 1)); // any, if they left at the same time
    for (int i = first; i < first + WAYS; i++) {
      if (isOf(id, table[i]) || isFree(table[i])) {
        into = i;
        break;
      }
      if (age(table[i]) > age(table[into])) {
        into = i;
      }
    }
    // Never 0, which means free: the mark is odd.
    table[into] = (mark(id) << 32) | (goneKib() & 0xFFFF_FFFFL);
  }

  /** Returns whether it left not long ago, and forgets that it did. */
  boolean remove(long id) {
    long[] table = this.table;
    if (table == null) {
      return false;
    }
    int first = firstOf(id);
    for (int i = first; i < first + WAYS; i++) {
      if (isOf(id, table[i])) {
        boolean known = !isFree(table[i]);
        table[i] = 0;
        return known;
      }
    }
    return false;
  }

  private static boolean isOf(long id, long entry) {
    return entry >>> 32 == mark(id);
  }

  private boolean isFree(long entry) {
    return entry == 0 || age(entry) > limitKib;
  }

  /** How much has left since, in KiB; wraps around after 2 TiB, when the entry is gone. */
  private int age(long entry) {
    return goneKib() - (int) entry;
  }

  private int goneKib() {
    return (int) (gone / KIB);
  }

  private int firstOf(long id) {
    return (int) mix(id) & (entries - WAYS);
  }

  private static long mark(long id) {
    return (mix(id) >>> 32) | 1;
  }

  /** Spreads ids that are no hashes, as in traces (the finaliser of SplitMix64). */
  private static long mix(long id) {
    long z = (id ^ (id >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
