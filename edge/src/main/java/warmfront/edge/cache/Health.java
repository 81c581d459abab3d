package warmfront.edge.cache;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a disk does. One that fails to write rests for a while; one that fails again and again is
 * taken out, which {@link TakenOut} remembers, so that the next process leaves it alone, too, until
 * an operator deletes what says so. Thread-safe.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** Failures count together when they come within ten minutes. */
  private static final long WINDOW_MILLIS = 600_000;

  private final Storage storage;
  private final TakenOut takenOut;
  private final Timeline time;
  private final CacheLimits limits;
  private final Counts counts;
  private final Deque<Long> failures = new ArrayDeque<>();
  private volatile boolean out;
  private volatile boolean failing;
  private volatile long restsUntil = Long.MIN_VALUE;

  Health(Storage storage, TakenOut takenOut, Ground ground) {
    this.storage = storage;
    this.takenOut = takenOut;
    this.time = ground.time();
    this.limits = ground.limits();
    this.counts = ground.counts();
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
    LOG.warn(
        "cache disk {} was taken out before; delete {} to use it again", storage, takenOut.files());
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
    takenOut.note(why);
  }
}
