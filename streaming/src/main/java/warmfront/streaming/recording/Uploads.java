package warmfront.streaming.recording;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.streaming.recording.BucketException.Trouble;
import warmfront.streaming.recording.RecordingCounters.Failure;
import warmfront.time.Clock;

/**
 * Sends recordings to their buckets: a part at a time of each, and two at the same time of all, so
 * that viewers have the rest of the line. Thread-safe.
 */
final class Uploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final int THREADS = 2;
  private static final long CLOSE_SECONDS = 2;

  private final Spools spools;
  private final Buckets buckets;
  private final RecordingLimits limits;
  private final Clock clock;
  private final Tally tally;
  private final ScheduledThreadPoolExecutor threads;
  private final Map<Spool, Upload> uploads = new ConcurrentHashMap<>();

  Uploads(Spools spools, Buckets buckets, RecordingLimits limits, Clock clock, Tally tally) {
    this.spools = spools;
    this.buckets = buckets;
    this.limits = limits;
    this.clock = clock;
    this.tally = tally;
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().name("recordings-to-buckets-", 0).daemon().factory());
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** There may be something to send of a recording. */
  void poke(Spool spool) {
    uploads.computeIfAbsent(spool, Upload::new).poke();
  }

  /** How far a step came. */
  private enum Step {
    SENT,
    NOTHING_YET,
    DONE
  }

  /** What is sent of one recording. */
  private final class Upload {
    private final Spool spool;
    private boolean isScheduled;
    private boolean isPoked;
    private int failures;

    Upload(Spool spool) {
      this.spool = spool;
    }

    synchronized void poke() {
      isPoked = true;
      if (!isScheduled) {
        schedule(Duration.ZERO);
      }
    }

    private synchronized void schedule(Duration later) {
      isScheduled = true;
      try {
        var _ = threads.schedule(this::run, later.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        isScheduled = false; // it goes on after the next start
      }
    }

    private void run() {
      synchronized (this) {
        isPoked = false;
      }
      if (!spools.has(spool)) {
        uploads.remove(spool); // it was poked while it was done
        return;
      }
      try {
        Step step = step();
        failures = 0;
        synchronized (this) {
          if (step == Step.SENT || (step == Step.NOTHING_YET && isPoked)) {
            schedule(Duration.ZERO);
          } else {
            isScheduled = false;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        if (!threads.isShutdown()) {
          failed(e);
        }
      } catch (RuntimeException bug) {
        LOG.error("sending {} failed", spool.object(), bug);
        schedule(limits.retryMost());
      }
    }

    private Step step() throws IOException, InterruptedException {
      Buckets.Name object = spool.object();
      OptionalInt part = spool.next();
      if (part.isEmpty() && !spool.isClosed()) {
        return Step.NOTHING_YET;
      }
      if (part.isEmpty() && !spool.isComplete()) {
        spool.complete();
        return Step.SENT;
      }
      if (spool.upload().isEmpty()) {
        spool.begun(buckets.begin(object));
        return Step.SENT;
      }
      if (part.isPresent()) {
        byte[] bytes = spool.read(part.getAsInt());
        String tag = buckets.send(object, spool.upload(), part.getAsInt(), bytes);
        spool.sent(part.getAsInt(), tag);
        tally.sent.add(bytes.length);
        return Step.SENT;
      }
      finish(object);
      return Step.DONE;
    }

    private void finish(Buckets.Name object) throws IOException, InterruptedException {
      try {
        buckets.complete(object, spool.upload(), spool.tags());
      } catch (BucketException e) {
        // It may have been completed before a crash, or before its answer was lost.
        if (e.trouble() != Trouble.LOST || !buckets.has(object, spool.bytes())) {
          throw e;
        }
      }
      tally.objects.increment();
      LOG.info("recorded: {}, {} bytes", object, spool.bytes());
      forget();
    }

    private void forget() throws IOException {
      spools.delete(spool);
      uploads.remove(spool);
    }

    private void failed(IOException e) {
      boolean isLost =
          e instanceof BucketException said
              && said.trouble() == Trouble.LOST
              && spool.sentParts() > 0;
      boolean isOld = clock.now().isAfter(spool.began().plus(limits.keep()));
      if ((isLost || isOld) && spool.isClosed()) {
        giveUp(e);
        return;
      }
      if (isLost || (e instanceof BucketException said && said.trouble() == Trouble.REFUSED)) {
        spool.refuse();
      }
      Duration later = later();
      if (failures++ == 0) {
        tally.failed(e instanceof BucketException ? Failure.BUCKET : Failure.DISK);
        LOG.warn(
            "the recording {} does not come to its bucket, which is asked again: {}",
            spool.object(),
            e.getMessage());
      } else {
        LOG.debug("the recording {} again: {}", spool.object(), e.getMessage());
      }
      schedule(later);
    }

    /** Returns how long to wait: twice as long each time. */
    private Duration later() {
      Duration doubled = limits.retryFirst().multipliedBy(1L << Math.min(failures, 20));
      return doubled.compareTo(limits.retryMost()) < 0 ? doubled : limits.retryMost();
    }

    private void giveUp(IOException why) {
      tally.failed(Failure.LOST);
      LOG.error("the recording {} is lost: {}", spool.object(), why.getMessage());
      try {
        if (!spool.upload().isEmpty()) {
          buckets.abandon(spool.object(), spool.upload());
        }
      } catch (BucketException e) {
        LOG.debug("what was sent of {} stays: {}", spool.object(), e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      try {
        forget();
      } catch (IOException e) {
        LOG.warn("the recording {} cannot be deleted", spool.object(), e);
      }
    }
  }

  /** Ends; what was not sent is sent after the next start. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      boolean _ = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
