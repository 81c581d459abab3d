package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Counts who uses something, beginning with one: its owner. Once nobody does, nobody can again. The
 * count is a field of the thing itself, of which there are many. Thread-safe.
 *
 * @param count the field, which begins with 1
 */
record Holds<T>(AtomicIntegerFieldUpdater<T> count) {
  /** Adds a hold for the caller, who lets go once; false if the last has let go. */
  boolean add(T of) {
    int seen;
    do {
      seen = count.get(of);
      if (seen == 0) {
        return false;
      }
    } while (!count.compareAndSet(of, seen, seen + 1));
    return true;
  }

  /** Takes a hold away and returns how many are left. */
  int remove(T of) {
    int left = count.decrementAndGet(of);
    assert left >= 0 : "let go more often than held";
    return left;
  }
}
