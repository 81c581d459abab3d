package warmfront.edge.origin;

import java.util.concurrent.Executor;

/**
 * Where fetches wait: only so many at a time, some on a thread of their own, the others as no more
 * than a number. Thread-safe.
 */
public interface Waiting extends Executor {
  /** Counts one more that waits without a thread; false if there are too many. */
  boolean enter();

  /** Counts out one that {@link #enter} let in. */
  void leave();
}
