package warmfront.edge.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.CacheKey;

/**
 * One disk: a thread that writes, a few that read, all of the platform, because file I/O holds a
 * virtual thread's carrier for as long as the disk takes. Queues are bounded; what does not fit is
 * a miss, or stays in memory alone.
 */
final class Disk {
  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

  /** Records of so many bytes, or so many of them, are written before the index hears of them. */
  private static final long BATCH_BYTES = 1 << 20;

  private static final int BATCH_JOBS = 256;

  /** A full disk is looked through for what has expired so often at most. */
  private static final long SWEEP_MILLIS = 1000;

  /** What the last batch and the table may take after the time to close is over. */
  private static final long LAST_BATCH_MILLIS = 1000;

  /** Small records gather for so long: waking the writer costs more than writing one of them. */
  private static final long GATHER_NANOS = 10_000_000;

  /** So many records that are not what was written make a segment suspect. */
  private static final int BAD_MAX = 4;

  private final Storage storage;
  private final Ground ground;
  private final TimeMark mark;
  private final Health health;
  private final Room room;
  private final SegmentLog log;
  private final DiskReads reads;
  private final Admission admission;
  private final ThreadPoolExecutor writer;
  private final Queue<WriteJob> jobs = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean writing = new AtomicBoolean();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong sweptAt = new AtomicLong(Long.MIN_VALUE / 2);
  private final CountDownLatch loaded = new CountDownLatch(1);

  /**
   * Which disk.
   *
   * @param number its place among the disks of the cache
   * @param storage its files
   * @param space how much of it may be taken
   * @param notes a folder elsewhere where it is remembered that it was taken out
   */
  record Which(int number, Storage storage, DiskSpace space, Optional<Path> notes) {}

  private Disk(
      Which which,
      TakenOut takenOut,
      Ground ground,
      Function<ObjectHead, @Nullable Resident> longs) {
    DiskSpace space = which.space();
    this.storage = which.storage();
    this.ground = ground;
    this.mark = new TimeMark(storage, ground.time());
    this.health = new Health(storage, takenOut, ground);
    this.room = new Room(storage, space.extent(ground.limits()));
    this.log = new SegmentLog(storage, room, which.number(), ground);
    this.admission = new Admission(space.sizeBytes());
    ThreadFactory threads =
        Thread.ofPlatform().daemon().name("cache-disk-" + space.path().getFileName(), 0).factory();
    writer =
        new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    writer.allowCoreThreadTimeOut(true);
    reads =
        new DiskReads(
            new DiskReader(log, ground.memory()),
            threads,
            new DiskReads.Told(health, this::suspect),
            ground,
            longs);
  }

  /**
   * Opens a disk and begins to find again what it holds.
   *
   * @param longs makes a long object of its head; null if it is of no use
   */
  static Disk open(Which which, Ground ground, Function<ObjectHead, @Nullable Resident> longs) {
    TakenOut takenOut = new TakenOut(which.storage(), which.space(), which.notes());
    Disk disk = new Disk(which, takenOut, ground, longs);
    DiskStart.Notes notes = new DiskStart.Notes(takenOut, disk.mark);
    DiskStart start = new DiskStart(which.number(), which.storage(), disk.log, notes, ground);
    if (start.list()) {
      disk.writer.execute(() -> {
        try {
          start.load();
          disk.log.measure();
        } finally {
          disk.loaded.countDown();
        }
      });
    } else {
      disk.health.foundOut();
      disk.loaded.countDown();
    }
    return disk;
  }

  /** Waits until it is known what it holds; false if that took too long, and goes on. */
  boolean awaitLoaded(long millis) throws InterruptedException {
    return loaded.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public String toString() {
    return storage.toString();
  }

  /** Returns whether it was taken out. */
  boolean isOut() {
    return health.isOut();
  }

  // ---- admission

  /** Returns whether writing so many bytes would push out what is there. */
  boolean isFull(long bytes) {
    if (room.isTight()) {
      sweep();
    }
    return room.isFull(waitingBytes.get() + bytes);
  }

  /** Returns whether an object that was just fetched is to be written. */
  boolean admits(CacheKey key, long bytes) {
    boolean full = isFull(bytes);
    boolean admits = admission.onFetched(key.high() ^ key.low(), bytes, full);
    if (!admits) {
      ground.counts().diskRefused.increment();
    } else if (full) {
      ground.counts().diskAdmitted.increment();
    }
    return admits;
  }

  /** An object is to be written because it was asked for again. */
  void admitted(long bytes) {
    if (isFull(bytes)) {
      ground.counts().diskAdmitted.increment();
    }
  }

  /** Has segments go in which nothing lives any more: what they take is no reason to refuse. */
  private void sweep() {
    long now = ground.time().millis();
    long last = sweptAt.get();
    if (now - last < SWEEP_MILLIS || !sweptAt.compareAndSet(last, now)) {
      return;
    }
    try {
      writer.execute(() -> {
        try {
          log.dropDead();
        } catch (IOException e) {
          health.writeFailed(e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("closing; {} is not swept", storage);
    }
  }

  // ---- writing

  /** Writes an object when its turn comes; false if it does not come. */
  boolean write(Resident resident) {
    if (!(resident.content() instanceof OnePiece content) || !resident.hold()) {
      return false;
    }
    content.queue(true);
    return later(new WriteJob.OfObject(resident, content, ground));
  }

  /** Writes something when its turn comes; false if it does not come. */
  boolean write(WriteJob job) {
    return later(job);
  }

  /** Returns whether it is written to now. */
  boolean takesWrites() {
    return health.takesWrites();
  }

  /** Writes the newer label of an object that is on this disk. */
  void renew(Resident resident, Entry object) {
    if (resident.hold()) {
      later(new WriteJob.OfLabel(resident, object, ground));
    }
  }

  private boolean later(WriteJob job) {
    boolean behind = waitingBytes.get() + job.bytes() > ground.limits().diskWriteBytesMax();
    if (behind || !health.takesWrites()) {
      ground.counts().diskSkips.increment();
      job.end();
      return false;
    }
    enqueue(job);
    wake();
    return true;
  }

  private void enqueue(WriteJob job) {
    waitingBytes.addAndGet(job.bytes());
    jobs.add(job);
  }

  private void wake() {
    if (!writing.compareAndSet(false, true)) {
      return;
    }
    try {
      writer.execute(this::work);
    } catch (RejectedExecutionException e) {
      writing.set(false);
      dropJobs(); // it is being closed
    }
  }

  private void work() {
    try {
      if (waitingBytes.get() < BATCH_BYTES) {
        LockSupport.parkNanos(GATHER_NANOS);
      }
      while (!jobs.isEmpty()) {
        writeBatch();
      }
    } finally {
      writing.set(false);
    }
    if (!jobs.isEmpty()) {
      wake();
    }
  }

  private void writeBatch() {
    List<WriteJob> taken = new ArrayList<>();
    List<WriteJob> appended = new ArrayList<>();
    try {
      long bytes = 0;
      while (bytes < BATCH_BYTES && taken.size() < BATCH_JOBS) {
        @Nullable WriteJob job = jobs.poll();
        if (job == null) {
          break;
        }
        taken.add(job);
        bytes += job.bytes();
        if (health.takesWrites() && job.append(log)) {
          appended.add(job);
        } else {
          ground.counts().diskSkips.increment();
        }
      }
      log.flush();
      health.wrote();
      appended.forEach(WriteJob::published);
      if (!appended.isEmpty()) {
        mark.note();
      }
    } catch (IOException e) {
      health.writeFailed(e);
    } finally {
      taken.forEach(this::end);
    }
  }

  private void end(WriteJob job) {
    waitingBytes.addAndGet(-job.bytes());
    job.end();
  }

  private void dropJobs() {
    for (@Nullable WriteJob job = jobs.poll(); job != null; job = jobs.poll()) {
      end(job);
    }
  }

  // ---- reading

  DiskReads reads() {
    return reads;
  }

  /** A segment in which several records are not what was written is put aside. */
  private void suspect(Place place) {
    @Nullable Segment segment = log.find(place);
    if (segment != null && segment.countBad() == BAD_MAX) {
      try {
        writer.execute(() -> log.putAside(segment, BAD_MAX + " damaged records"));
      } catch (RejectedExecutionException e) {
        LOG.debug("closing; {} stays", segment.name());
      }
    }
  }

  // ---- ending

  /** Waits until all that waits to be written now is; false if that took too long. */
  boolean drain(long millis) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    writer.execute(() -> {
      while (!jobs.isEmpty()) {
        writeBatch();
      }
      reached.countDown();
    });
    return reached.await(millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Begins to write what is waiting, then {@code rest}, and lets go of the files.
   *
   * @param rest objects that may be in memory alone
   * @param saving makes the writing of one when its turn comes
   * @param until when what is left is left out, in nanoseconds of the clock
   */
  void beginClose(Iterator<Resident> rest, Function<Resident, List<WriteJob>> saving, long until) {
    reads.shutdown();
    writer.execute(() -> closeLog(rest, saving, until));
    writer.shutdown();
  }

  /** Waits until that is done, or nearly that long. */
  void awaitClosed(long until) {
    long left = TimeUnit.NANOSECONDS.toMillis(until - ground.time().clock().nanos());
    long millis = Math.max(left, 0) + LAST_BATCH_MILLIS;
    try {
      if (!writer.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
        LOG.warn("cache disk {} was still being written to after {} ms", storage, millis);
      }
      if (!reads.awaitEnd(millis)) {
        LOG.warn("cache disk {} was still being read after {} ms", storage, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLog(
      Iterator<Resident> rest, Function<Resident, List<WriteJob>> saving, long until) {
    // What is on the disk was worth keeping, too: not all of it makes way for what is in memory.
    long left = room.extent().sizeBytes() / 2;
    boolean goesOn = true;
    while (goesOn) {
      while (jobs.isEmpty() && rest.hasNext() && left > 0) {
        List<WriteJob> saved = saving.apply(rest.next());
        saved.forEach(this::enqueue);
        left -= saved.stream().mapToLong(WriteJob::bytes).sum();
      }
      goesOn = !jobs.isEmpty() && ground.time().clock().nanos() - until < 0;
      if (goesOn) {
        writeBatch();
      }
    }
    if (!jobs.isEmpty()) {
      LOG.info("cache disk {} is closed before all that is in memory alone was written", storage);
    }
    dropJobs();
    try {
      if (health.takesWrites()) {
        mark.noteNow();
      }
      log.close();
    } catch (IOException e) {
      LOG.warn("cache disk {} did not close: {}", storage, e.toString());
    }
  }
}
