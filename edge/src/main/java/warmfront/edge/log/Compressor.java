package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses finished logs on a thread of its own that yields to all others: compressing a row
 * costs as much as a hit. What it has not come to when the process ends is done by the next.
 */
final class Compressor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Compressor.class);
  private static final long REST_MILLIS = 200;

  /** How long ending waits for what is left. */
  private static final Duration STOP_MAX = Duration.ofSeconds(6);

  private final BlockingQueue<Path> finished = new LinkedBlockingQueue<>();
  private final Spool spool;
  private final Consumer<Path> whenCompressed;
  private final Thread thread =
      Thread.ofPlatform().name("access-log-gzip").daemon().unstarted(this::run);
  private volatile boolean stopping;

  /**
   * Makes one.
   *
   * @param whenCompressed takes each compressed file
   */
  Compressor(Spool spool, Consumer<Path> whenCompressed) {
    this.spool = spool;
    this.whenCompressed = whenCompressed;
  }

  void start() {
    thread.start();
  }

  /** Takes a file that nobody writes to any more. */
  void add(Path file) {
    finished.add(file);
  }

  /** Compresses what waits, and ends; waits for that up to 6 s. */
  @Override
  public void close() {
    stopping = true;
    try {
      if (thread.isAlive() && !thread.join(STOP_MAX)) {
        LOG.warn("{} access logs are left to be compressed at the next start", finished.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    LowPriority.take();
    try {
      while (!stopping) {
        @Nullable Path next = finished.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          compress(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Path left = finished.poll(); left != null; left = finished.poll()) {
      compress(left);
    }
  }

  private void compress(Path file) {
    try {
      if (Files.exists(file)) { // else it had to make room
        Path compressed = LogFile.compress(file);
        if (spool.replace(file, compressed)) {
          whenCompressed.accept(compressed);
        }
      }
    } catch (IOException e) {
      LOG.warn("access log: {} is not compressed: {}", file, e.toString());
    }
  }
}
