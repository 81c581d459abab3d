package warmfront.edge;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import warmfront.edge.origin.Waiting;

/**
 * Where exchanges wait: only so many at a time, those that need a thread for it on a virtual one of
 * their own. Thread-safe.
 */
final class OffLoop implements Waiting, AutoCloseable {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("exchange-", 0).factory());
  private final AtomicInteger waiting = new AtomicInteger();
  private final int max;

  OffLoop(int max) {
    this.max = max;
  }

  /**
   * Runs a task on a thread of its own.
   *
   * @throws RejectedExecutionException if too many wait, or after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    if (!enter()) {
      throw new RejectedExecutionException("more than " + max + " exchanges wait");
    }
    try {
      threads.execute(() -> {
        try {
          task.run();
        } finally {
          leave();
        }
      });
    } catch (RejectedExecutionException e) {
      leave();
      throw e;
    }
  }

  @Override
  public boolean enter() {
    if (waiting.incrementAndGet() > max) {
      waiting.decrementAndGet();
      return false;
    }
    return true;
  }

  @Override
  public void leave() {
    waiting.decrementAndGet();
  }

  /** Returns how many wait. */
  int waiting() {
    return waiting.get();
  }

  /** Interrupts what still runs. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
