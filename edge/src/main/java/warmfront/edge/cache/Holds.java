package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something, beginning with one: its owner. Once nobody does, nobody can again.
 * Thread-safe.
 */
final class Holds {
  private final AtomicInteger count = new AtomicInteger(1);

  /** Adds a hold for the caller, who lets go once; false if the last has let go. */
  boolean add() {
    int seen;
    do {
      seen = count.get();
      if (seen == 0) {
        return false;
      }
    } while (!count.compareAndSet(seen, seen + 1));
    return true;
  }

  /** Takes a hold away and returns how many are left. */
  int remove() {
    int left = count.decrementAndGet();
    assert left >= 0 : "let go more often than held";
    return left;
  }

  int count() {
    return count.get();
  }
}
