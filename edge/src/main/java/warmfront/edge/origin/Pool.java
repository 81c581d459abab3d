package warmfront.edge.origin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The idle connections to one peer, and how many requests are under way. Thread-safe. */
final class Pool {
  private final Peer peer;
  private final Limits.PerPeer limits;
  private final Semaphore places;
  private final ReentrantLock lock = new ReentrantLock(); // guards idle and closed
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  /** Whether a request may go ahead. */
  enum Entry {
    ENTERED,
    QUEUE_FULL,
    TOO_LATE
  }

  Pool(Peer peer, Limits.PerPeer limits) {
    this.peer = peer;
    this.limits = limits;
    this.places = new Semaphore(limits.underWay(), true);
  }

  Peer peer() {
    return peer;
  }

  /**
   * Waits for a place; whoever entered leaves, once.
   *
   * @param atMost how long to wait, if that is less than the limits say
   */
  Entry enter(Duration atMost) throws InterruptedException {
    if (places.tryAcquire()) {
      return Entry.ENTERED;
    }
    if (places.getQueueLength() >= limits.queued()) {
      return Entry.QUEUE_FULL;
    }
    long nanos = Math.min(limits.queueWait().toNanos(), atMost.toNanos());
    return places.tryAcquire(nanos, TimeUnit.NANOSECONDS) ? Entry.ENTERED : Entry.TOO_LATE;
  }

  /** Takes a place and an idle connection without waiting; null, and no place, if one lacks. */
  @Nullable Connection enterWithIdle(Duration idleMax) {
    if (!places.tryAcquire()) {
      return null;
    }
    @Nullable Connection taken = take(idleMax);
    if (taken == null) {
      leave();
    }
    return taken;
  }

  void leave() {
    places.release();
  }

  /**
   * Takes the connection that was idle last, if it was no longer than {@code idleMax}; of the
   * calling loop's own, if there is one.
   */
  @Nullable Connection take(Duration idleMax) {
    lock.lock();
    try {
      @Nullable Connection last = idle.peekLast();
      if (last == null || isTooOld(last, idleMax)) {
        return null;
      }
      if (last.isHere()) {
        return idle.pollLast();
      }
      for (var it = idle.descendingIterator(); it.hasNext(); ) {
        Connection candidate = it.next();
        if (candidate.isHere() && !isTooOld(candidate, idleMax)) {
          it.remove();
          return candidate;
        }
      }
      return idle.pollLast();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isTooOld(Connection idle, Duration idleMax) {
    return idle.idleFor().compareTo(idleMax) > 0;
  }

  /** Takes a connection back; false if it is not wanted and must be closed. */
  boolean giveBack(Connection connection) {
    lock.lock();
    try {
      return !closed && idle.size() < limits.idle() && idle.offerLast(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Takes out this connection; false if it was not idle here. */
  boolean remove(Connection connection) {
    lock.lock();
    try {
      return idle.remove(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether nobody uses it. */
  boolean isUnused() {
    lock.lock();
    try {
      return idle.isEmpty() && places.availablePermits() == limits.underWay();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps no further connection. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
