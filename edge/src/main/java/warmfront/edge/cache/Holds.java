package warmfront.edge.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who uses something, beginning with one: its owner. Once nobody does, nobody can again.
 * Thread-safe.
 */
final class Holds {
  private static final VarHandle COUNT = handle();

  @SuppressWarnings("FieldMayBeFinal") // written through COUNT
  private volatile int count = 1;

  /** Adds a hold for the caller, who lets go once; false if the last has let go. */
  boolean add() {
    int seen;
    do {
      seen = count;
      if (seen == 0) {
        return false;
      }
    } while (!COUNT.compareAndSet(this, seen, seen + 1));
    return true;
  }

  /** Takes a hold away and returns how many are left. */
  int remove() {
    int left = (int) COUNT.getAndAdd(this, -1) - 1;
    assert left >= 0 : "let go more often than held";
    return left;
  }

  int count() {
    return count;
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(Holds.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no field named count", e);
    }
  }
}
