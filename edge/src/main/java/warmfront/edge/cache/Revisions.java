package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The newest revision of each of many names, which are known by 64-bit hashes alone: 16 bytes in a
 * table that is between three eighths and three quarters full, so 21 to 43 bytes for each, however
 * long the name is. One thread writes; readers take no lock and find what was written before.
 *
 * <p>Two names of one hash get the newer revision of both. For invalidations that errs on the safe
 * side: an object too many is fetched anew, none too few.
 */
final class Revisions {
  private static final int FIRST_ENTRIES = 8;

  /** Hash and revision in turns; a free place has the hash 0. */
  private volatile AtomicLongArray table = new AtomicLongArray(2 * FIRST_ENTRIES);

  private int size;

  /** What is done with each entry. */
  interface Visitor {
    void visit(long hash, long revision);
  }

  /** Returns the newest revision of a name, 0 if there is none. Any thread. */
  long of(long hash) {
    long sought = hash == 0 ? 1 : hash;
    AtomicLongArray places = table;
    int mask = places.length() - 2;
    int at = first(sought, mask);
    while (true) {
      long found = places.getAcquire(at);
      if (found == sought) {
        return places.getAcquire(at + 1);
      }
      if (found == 0) {
        return 0;
      }
      at = (at + 2) & mask;
    }
  }

  /** Notes a revision of a name, if it is newer than the one that is known. One thread. */
  void put(long hash, long revision) {
    if (8 * (size + 1) > 3 * table.length()) {
      grow();
    }
    if (put(table, hash == 0 ? 1 : hash, revision)) {
      size++;
    }
  }

  /** Visits all entries. The writing thread. */
  void forEach(Visitor visitor) {
    AtomicLongArray places = table;
    for (int at = 0; at < places.length(); at += 2) {
      if (places.getPlain(at) != 0) {
        visitor.visit(places.getPlain(at), places.getPlain(at + 1));
      }
    }
  }

  /** Returns the number of names. The writing thread. */
  int size() {
    return size;
  }

  /** Returns the bytes of its table. */
  long bytes() {
    return 8L * table.length();
  }

  private void grow() {
    AtomicLongArray larger = new AtomicLongArray(2 * table.length());
    forEach((hash, revision) -> put(larger, hash, revision));
    table = larger;
  }

  /** Returns whether the name is new. */
  private static boolean put(AtomicLongArray places, long hash, long revision) {
    int mask = places.length() - 2;
    int at = first(hash, mask);
    while (true) {
      long found = places.getPlain(at);
      if (found == hash) {
        places.setRelease(at + 1, Math.max(revision, places.getPlain(at + 1)));
        return false;
      }
      if (found == 0) {
        places.setPlain(at + 1, revision);
        places.setRelease(at, hash); // from here on readers see it, with its revision
        return true;
      }
      at = (at + 2) & mask;
    }
  }

  private static int first(long hash, int mask) {
    return (int) (hash >>> 20) & mask;
  }
}
