package warmfront.edge.cache;

/**
 * Remembers which objects left, until so many bytes have left after them. Each takes 8 bytes in a
 * table of fixed size; where that is too small the one that left first is forgotten first. Another
 * object is taken for one of them about once in a thousand million times. Not thread-safe.
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
  private final long[] table;

  private final int limitKib;

  /** Bytes that have left, in all. */
  private long gone;

  /**
   * Remembers nothing yet.
   *
   * @param limitBytes how many bytes may leave until an object is forgotten
   */
  Ghosts(long limitBytes) {
    long entries = Long.highestOneBit(Math.max(limitBytes / BYTES_PER_ENTRY, 1)) << 1;
    table = new long[Math.clamp(entries, ENTRIES_MIN, ENTRIES_MAX)];
    limitKib = (int) Math.min(limitBytes / KIB, Integer.MAX_VALUE);
  }

  /** Notes that an object has left. */
  void add(long id, long bytes) {
    gone += bytes;
    int first = firstOf(id);
    int into = first + (int) (gone & (WAYS - 1)); // any, if they left at the same time
    for (int i = first; i < first + WAYS; i++) {
      if (isOf(id, i) || isFree(i)) {
        into = i;
        break;
      }
      if (age(i) > age(into)) {
        into = i;
      }
    }
    // Never 0, which means free: the mark is odd.
    table[into] = (mark(id) << 32) | (goneKib() & 0xFFFF_FFFFL);
  }

  /** Returns whether it left not long ago, and forgets that it did. */
  boolean remove(long id) {
    int first = firstOf(id);
    for (int i = first; i < first + WAYS; i++) {
      if (isOf(id, i)) {
        boolean known = !isFree(i);
        table[i] = 0;
        return known;
      }
    }
    return false;
  }

  private boolean isOf(long id, int at) {
    return table[at] >>> 32 == mark(id);
  }

  private boolean isFree(int at) {
    return table[at] == 0 || age(at) > limitKib;
  }

  /** How much has left since, in KiB; wraps around after 2 TiB, when the entry is gone. */
  private int age(int at) {
    return goneKib() - (int) table[at];
  }

  private int goneKib() {
    return (int) (gone / KIB);
  }

  private int firstOf(long id) {
    return (int) mix(id) & (table.length - WAYS);
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
