package warmfront.edge.origin;

import java.util.concurrent.atomic.AtomicInteger;

/** A place in a pool, given back once nobody asks over it any more and its turn is over. */
final class Place {
  private final Pool pool;
  private final AtomicInteger users = new AtomicInteger(1);

  Place(Pool pool) {
    this.pool = pool;
  }

  Pool pool() {
    return pool;
  }

  Place use() {
    users.incrementAndGet();
    return this;
  }

  void done() {
    if (users.decrementAndGet() == 0) {
      pool.leave();
    }
  }
}
