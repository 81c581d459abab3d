package warmfront.edge;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import warmfront.edge.step.Point;
import warmfront.snapshot.Snapshot;

/**
 * How far this edge has come in the log. What it asks of others is as new as what it begins to
 * apply, what it answers only as what it has applied: so that nothing is taken for newer than it
 * is. Thread-safe.
 */
final class Progress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private volatile Point begun = Point.START;
  private volatile Point applied = Point.START;

  /** A picture begins to be applied. */
  void begins(Snapshot picture) {
    begun = new Point(picture.epoch(), picture.revision());
  }

  /** A picture is applied: what it invalidates is not served any more. */
  void ends(Snapshot picture) {
    lock.lock();
    try {
      applied = new Point(picture.epoch(), picture.revision());
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how new an answer must be. */
  Point begun() {
    return begun;
  }

  /** Returns how new the answers of this edge are. */
  Point applied() {
    return applied;
  }

  /**
   * Waits until so much is applied, on a thread that may wait.
   *
   * @return false if it was not within {@code limit}
   */
  boolean await(Point wanted, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!applied.isAtLeast(wanted)) {
        if (left <= 0) {
          return false;
        }
        left = grown.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
