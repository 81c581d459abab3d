package warmfront.edge;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Virtual threads for exchanges that wait: one for each, and only so many at a time. Thread-safe.
 */
final class OffLoop implements Executor, AutoCloseable {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("exchange-", 0).factory());
  private final AtomicInteger running = new AtomicInteger();
  private final int max;

  OffLoop(int max) {
    this.max = max;
  }

  /**
   * Runs a task on a thread of its own.
   *
   * @throws RejectedExecutionException if too many run, or after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    if (running.incrementAndGet() > max) {
      running.decrementAndGet();
      throw new RejectedExecutionException("more than " + max + " exchanges wait");
    }
    try {
      threads.execute(() -> {
        try {
          task.run();
        } finally {
          running.decrementAndGet();
        }
      });
    } catch (RejectedExecutionException e) {
      running.decrementAndGet();
      throw e;
    }
  }

  /** Returns how many run. */
  int running() {
    return running.get();
  }

  /** Interrupts what still runs. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
