package warmfront.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;

/**
 * One edge that is several servers of the fleet, as in one process: each of them follows the log
 * and acknowledges for itself. The first brings the changes; the others wait until they are obeyed.
 * What the edge refuses, the first one says.
 */
final class Shared {
  private final Subscriber edge;
  private final Duration patience;
  private final ReentrantLock taking = new ReentrantLock();
  private final Condition taken = taking.newCondition();
  private long epoch;
  private long revision;

  /** Shares an edge; the others wait for the first at most so long. */
  Shared(Subscriber edge, Duration patience) {
    this.edge = edge;
    this.patience = patience;
  }

  /** Returns what the first server gives its pictures to. */
  Subscriber first() {
    return this::bring;
  }

  /** Returns what any further server gives its pictures to. */
  Subscriber further() {
    return this::await;
  }

  private Subscriber.Verdict bring(Snapshot next, List<Entry> changes) {
    taking.lock();
    try {
      Subscriber.Verdict verdict = edge.take(next, changes);
      if (verdict instanceof Subscriber.Verdict.Applied) {
        epoch = next.epoch();
        revision = next.revision();
        taken.signalAll();
      }
      return verdict;
    } finally {
      taking.unlock();
    }
  }

  private Subscriber.Verdict await(Snapshot next, List<Entry> changes) {
    taking.lock();
    try {
      long left = patience.toNanos();
      while (isBehind(next) && left > 0) {
        left = taken.awaitNanos(left);
      }
      return isBehind(next)
          ? new Subscriber.Verdict.Rejected(
              next.revision(),
              "the edge did not obey it within %d ms"
                  .formatted(TimeUnit.NANOSECONDS.toMillis(patience.toNanos())))
          : new Subscriber.Verdict.Applied();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Subscriber.Verdict.Rejected(next.revision(), "the process ends");
    } finally {
      taking.unlock();
    }
  }

  private boolean isBehind(Snapshot next) {
    return epoch < next.epoch() || (epoch == next.epoch() && revision < next.revision());
  }
}
