package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a disk does. One that fails to write rests for a while; one that fails again and again is
 * taken out, which a file in its directory says, so that the next process leaves it alone, too,
 * until an operator deletes that file. Thread-safe.
 */
final class Health {
  /** The file that says that a disk was taken out. */
  static final String MARKER = "taken-out.txt";

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** Failures count together when they come within ten minutes. */
  private static final long WINDOW_MILLIS = 600_000;

  private final Storage storage;
  private final Timeline time;
  private final CacheLimits limits;
  private final Counts counts;
  private final Deque<Long> failures = new ArrayDeque<>();
  private volatile boolean out;
  private volatile boolean failing;
  private volatile long restsUntil = Long.MIN_VALUE;

  Health(Storage storage, Timeline time, CacheLimits limits, Counts counts) {
    this.storage = storage;
    this.time = time;
    this.limits = limits;
    this.counts = counts;
  }

  /** Returns whether the disk was taken out. */
  boolean isOut() {
    return out;
  }

  /** Returns whether it is written to now. */
  boolean takesWrites() {
    return !out && time.millis() >= restsUntil;
  }

  /** A write went through. */
  void wrote() {
    if (failing) {
      failing = false;
      LOG.info("cache disk {} is written to again", storage);
    }
  }

  /** A write failed. */
  void writeFailed(IOException why) {
    counts.diskErrors.increment();
    restsUntil = time.millis() + limits.diskRest().toMillis();
    if (!failing) {
      failing = true;
      LOG.warn("cache disk {} is not written to for a while: {}", storage, why.toString());
    }
    if (!isFull(why)) {
      failed(why);
    }
  }

  /** A read failed, or gave what was not written. */
  void readFailed(String what, IOException why) {
    counts.diskErrors.increment();
    LOG.warn("{} on {} is lost: {}", what, storage, why.toString());
    if (!(why instanceof BadRecord)) {
      failed(why);
    }
  }

  /** It was taken out by an earlier process. */
  void foundOut() {
    out = true;
    counts.disksOut.increment();
    LOG.warn("cache disk {} was taken out before; delete {} to use it again", storage, MARKER);
  }

  /** Full is no fault of a disk's. */
  private static boolean isFull(IOException why) {
    String said = String.valueOf(why.getMessage()).toLowerCase(Locale.ROOT);
    return said.contains("no space left") || said.contains("quota exceeded");
  }

  private void failed(IOException why) {
    long now = time.millis();
    synchronized (failures) {
      failures.add(now);
      while (failures.getFirst() < now - WINDOW_MILLIS) {
        failures.removeFirst();
      }
      if (out || failures.size() < limits.diskFailuresMax()) {
        return;
      }
      out = true;
    }
    counts.disksOut.increment();
    LOG.error(
        "cache disk {} failed {} times and is taken out, the last time with: {}",
        storage,
        limits.diskFailuresMax(),
        why.toString());
    leaveMarker(why);
  }

  private void leaveMarker(IOException why) {
    String text =
        "This disk failed and holds no cached objects until this file is deleted.%n%s%n"
            .formatted(why);
    try (Storage.Handle file = storage.open(MARKER)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      file.force();
    } catch (IOException e) {
      LOG.warn("cache disk {} could not be marked as taken out: {}", storage, e.toString());
    }
  }
}
