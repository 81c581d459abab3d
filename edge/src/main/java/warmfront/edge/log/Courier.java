package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings finished files to their buckets, one at a time to each. A bucket that does not take one is
 * asked again later, and later each time; what the process does not come to, the next one does.
 * Thread-safe.
 */
final class Courier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /** So many buckets are asked at a time. */
  private static final int THREADS = 4;

  /** How long ending waits for what is left. */
  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  private final Spool spool;
  private final Limits.Delivering limits;
  private final RandomGenerator random;
  private final ScheduledThreadPoolExecutor threads;
  private final Map<String, Way> ways = new ConcurrentHashMap<>();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile @Nullable Carrier carrier;

  /**
   * Makes one that brings nothing until it has a carrier.
   *
   * @param random its own
   */
  Courier(Spool spool, Limits.Delivering limits, RandomGenerator random) {
    this.spool = spool;
    this.limits = limits;
    this.random = random;
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().name("access-logs-to-buckets-", 0).daemon().factory());
    threads.setRemoveOnCancelPolicy(true);
  }

  /** Has all brought by this one from now on. */
  void use(Carrier other) {
    carrier = other;
    ways.values().forEach(Way::go);
  }

  /** Takes a compressed file; it stays where it is if it is to go nowhere. */
  void add(Path file) {
    try {
      Address.noted(file)
          .ifPresent(to ->
              ways.computeIfAbsent(to.bucket(), Way::new).add(new Parcel(file, to.key(file))));
    } catch (IOException e) {
      LOG.warn("access log: {} waits for the next start: {}", file, e.toString());
    }
  }

  /** Returns what it has done. */
  Counters.Files counts() {
    return new Counters.Files(
        delivered.sum(),
        failed.sum(),
        spool.dropped(),
        ways.values().stream().mapToLong(Way::count).sum(),
        spool.bytes());
  }

  /** Brings what waits, but for buckets that failed, and ends; waits for that up to 2 s. */
  @Override
  public void close() {
    ways.values().forEach(Way::giveUp);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("access logs are left to be delivered after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }

  private record Parcel(Path file, String key) {}

  /** The way to one bucket, and what waits for it. */
  private final class Way {
    private final String bucket;
    private final Queue<Parcel> waiting = new ArrayDeque<>();
    private @Nullable Future<?> next;
    private int failures;

    Way(String bucket) {
      this.bucket = bucket;
    }

    synchronized void add(Parcel parcel) {
      waiting.add(parcel);
      go();
    }

    synchronized void go() {
      if (next == null && carrier != null) {
        schedule(Duration.ZERO);
      }
    }

    synchronized void giveUp() {
      if (failures > 0 && next != null) {
        next.cancel(false);
      }
    }

    synchronized long count() {
      return waiting.size();
    }

    private synchronized void schedule(Duration later) {
      try {
        next = threads.schedule(this::run, later.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        next = null; // it goes on after the next start
      }
    }

    private void run() {
      try {
        @Nullable Parcel parcel = take();
        while (parcel != null && bring(parcel)) {
          parcel = take();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException bug) {
        LOG.error("delivering access logs to {} failed", bucket, bug);
        schedule(limits.retryMost());
      }
    }

    private synchronized @Nullable Parcel take() {
      @Nullable Parcel parcel = waiting.poll();
      if (parcel == null) {
        next = null;
      }
      return parcel;
    }

    private boolean bring(Parcel parcel) throws InterruptedException {
      @Nullable Carrier by = carrier;
      if (by == null || !Files.exists(parcel.file())) {
        return true; // it had to make room
      }
      Optional<String> why = by.carry(bucket, parcel.key(), parcel.file());
      if (why.isPresent()) {
        failed(parcel, why.get());
        return false;
      }
      spool.delivered(parcel.file());
      delivered.increment();
      came();
      return true;
    }

    private synchronized void came() {
      if (failures > 0) {
        LOG.info("access logs come to {} again", bucket);
      }
      failures = 0;
    }

    private synchronized void failed(Parcel parcel, String why) {
      waiting.add(parcel);
      failed.increment();
      if (failures == 0) {
        LOG.warn("access logs do not come to {}, which is asked again: {}", bucket, why);
      }
      schedule(later());
      failures++;
    }

    /** Returns how long to wait: twice as long each time, and up to half of that less. */
    private Duration later() {
      Duration doubled = limits.retryFirst().multipliedBy(1L << Math.min(failures, 20));
      Duration most = doubled.compareTo(limits.retryMost()) < 0 ? doubled : limits.retryMost();
      return most.minusMillis((long) (most.toMillis() * chance() / 2));
    }
  }

  private double chance() {
    synchronized (random) {
      return random.nextDouble();
    }
  }
}
