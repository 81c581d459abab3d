package warmfront.streaming.recording;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.time.Clock;

/** Where all recordings are written, by one thread, and what they share. Thread-safe. */
final class Desk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final long CLOSE_SECONDS = 5;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("recordings").daemon().factory());
  private final AtomicLong queued = new AtomicLong();
  private final Spools spools;
  private final Uploads uploads;
  private final RecordingLimits limits;
  private final Clock clock;
  private final Tally tally;

  Desk(Spools spools, Uploads uploads, RecordingLimits limits, Clock clock, Tally tally) {
    this.spools = spools;
    this.uploads = uploads;
    this.limits = limits;
    this.clock = clock;
    this.tally = tally;
  }

  /** Has something done that needs no memory, behind all that waits. */
  void run(Runnable what) {
    try {
      thread.execute(() -> {
        try {
          what.run();
        } catch (RuntimeException bug) {
          LOG.error("a recording failed", bug);
        }
      });
    } catch (RejectedExecutionException e) {
      // it ends, as everything does
    }
  }

  /**
   * Has something done that needs memory until then.
   *
   * @return whether it will be; not if too much waits already
   */
  boolean run(int bytes, Runnable what) {
    if (queued.addAndGet(bytes) > limits.queueBytes()) {
      queued.addAndGet(-bytes);
      return false;
    }
    run(() -> {
      queued.addAndGet(-bytes);
      what.run();
    });
    return true;
  }

  Spools spools() {
    return spools;
  }

  Uploads uploads() {
    return uploads;
  }

  RecordingLimits limits() {
    return limits;
  }

  Clock clock() {
    return clock;
  }

  Tally tally() {
    return tally;
  }

  /** Ends when all that waits is written. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean _ = thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
