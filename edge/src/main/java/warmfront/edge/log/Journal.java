package warmfront.edge.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Route;
import warmfront.time.Clock;

/**
 * The access logs of distributions that have logging on. {@link #take} never blocks and is called
 * by any thread; one thread of its own writes.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** How long nothing must come before what was written is made visible. */
  private static final long REST_MILLIS = 200;

  /** How long nothing is tried after the disk failed. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** How long stopping waits for the files to be finished. */
  private static final Duration STOP_MAX = Duration.ofSeconds(8);

  /** Under what requests are logged that are of no distribution. */
  private static final String UNMATCHED = "unmatched";

  private final BlockingQueue<AccessRecord> queue;
  private final LogFolder folder;
  private final boolean logsAll;
  private final Clock clock;
  private final Thread thread =
      Thread.ofPlatform().name("access-log").daemon().unstarted(this::run);
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile boolean stopping;
  private @Nullable Long pausedAtNanos;

  /**
   * Makes a journal.
   *
   * @param directory where the files go, one folder per distribution
   * @param logsAll whether every distribution is logged, and requests of none
   */
  public Journal(
      Path directory, Limits limits, boolean logsAll, Clock clock, RandomGenerator random) {
    this.queue = new ArrayBlockingQueue<>(limits.queuedMax());
    this.folder = new LogFolder(directory, limits, random);
    this.logsAll = logsAll;
    this.clock = clock;
  }

  /** Begins to write. */
  public void start() {
    thread.start();
  }

  /** Returns whether requests of a route are logged. */
  public boolean wants(Route route) {
    return logsAll || route.site().distribution().logging().isPresent();
  }

  /** Returns whether requests that are of no distribution are logged. */
  public boolean wantsUnmatched() {
    return logsAll;
  }

  /** Takes a record; drops and counts it if too many wait. */
  public void take(AccessRecord accessRecord) {
    if (!queue.offer(accessRecord)) {
      overflowed.increment();
    }
  }

  /** Returns how many records were dropped because too many waited. */
  public long overflowed() {
    return overflowed.sum();
  }

  /** Returns how many records were dropped because the disk failed. */
  public long failed() {
    return failed.sum();
  }

  /** Writes what waits, finishes the files, and ends; waits for that up to 8 s. */
  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive()) {
      return;
    }
    try {
      if (!thread.join(STOP_MAX)) {
        LOG.warn("access logs were not finished within {}", STOP_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    attempt(folder::recover);
    try {
      while (!stopping) {
        @Nullable AccessRecord next = queue.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
          attempt(() -> folder.rest(clock.now()));
        } else {
          write(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (AccessRecord left = queue.poll(); left != null; left = queue.poll()) {
      write(left);
    }
    attempt(folder::finish);
  }

  private void write(AccessRecord accessRecord) {
    if (isPaused()) {
      failed.increment();
      return;
    }
    String id =
        accessRecord.route().map(route -> route.site().distribution().id()).orElse(UNMATCHED);
    byte[] row = Line.of(accessRecord);
    if (!attempt(() -> folder.write(id, accessRecord.finished(), row))) {
      failed.increment();
      pausedAtNanos = clock.nanos();
    }
  }

  private boolean isPaused() {
    if (pausedAtNanos != null && clock.nanos() - pausedAtNanos >= PAUSE.toNanos()) {
      pausedAtNanos = null;
    }
    return pausedAtNanos != null;
  }

  private static boolean attempt(Deed deed) {
    try {
      deed.run();
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("access log: {}", e.toString());
      return false;
    }
  }

  /** Something that a full or broken disk may prevent. */
  private interface Deed {
    void run() throws IOException;
  }
}
