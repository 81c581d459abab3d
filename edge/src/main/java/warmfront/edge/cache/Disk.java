package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Slice;
import warmfront.edge.step.CacheKey;

/**
 * One disk: a thread that writes, a few that read, all of the platform, because file I/O holds a
 * virtual thread's carrier for as long as the disk takes. Queues are bounded; what does not fit is
 * a miss, or stays in memory alone. A failing disk rests for a while and never stops anything else.
 */
final class Disk {
  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

  private final Storage storage;
  private final Ground ground;
  private final SegmentLog log;
  private final ThreadPoolExecutor writer;
  private final ThreadPoolExecutor readers;
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile boolean failing;
  private volatile long restsUntil = Long.MIN_VALUE;

  private Disk(Storage storage, DiskSpace space, Ground ground) {
    this.storage = storage;
    this.ground = ground;
    this.log = new SegmentLog(storage, space, ground);
    CacheLimits limits = ground.limits();
    ThreadFactory threads =
        Thread.ofPlatform().daemon().name("cache-disk-" + space.path().getFileName(), 0).factory();
    writer =
        new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    readers =
        new ThreadPoolExecutor(
            limits.diskThreads(),
            limits.diskThreads(),
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.diskQueueMax()),
            threads);
    writer.allowCoreThreadTimeOut(true);
    readers.allowCoreThreadTimeOut(true);
  }

  /** Opens a disk and finds again what it holds. */
  static Disk open(Storage storage, DiskSpace space, Ground ground) {
    Disk disk = new Disk(storage, space, ground);
    new DiskStart(disk, storage, disk.log, ground).run();
    return disk;
  }

  /** Writes an object when its turn comes. */
  void write(Resident resident) {
    later(resident.content().length(), resident, () -> put(resident));
  }

  /** Writes the newer label of an object that is on this disk. */
  void renew(Resident resident, DiskPlace place) {
    later(0, resident, () -> putLabel(resident, place));
  }

  /** Something for the writer. */
  private interface Job {
    void run() throws IOException;
  }

  private void later(long bytes, Resident resident, Job job) {
    boolean resting = ground.time().millis() < restsUntil;
    boolean behind = waitingBytes.get() + bytes > ground.limits().diskWriteBytesMax();
    if (resting || behind || !resident.hold()) {
      ground.counts().diskSkips.increment();
      return;
    }
    waitingBytes.addAndGet(bytes);
    try {
      writer.execute(() -> {
        try {
          run(job);
        } finally {
          waitingBytes.addAndGet(-bytes);
          resident.release();
        }
      });
    } catch (RejectedExecutionException e) {
      waitingBytes.addAndGet(-bytes); // it is being closed
      resident.release();
    }
  }

  private void run(Job job) {
    try {
      job.run();
      if (failing) {
        failing = false;
        LOG.info("cache disk {} is written to again", storage);
      }
    } catch (IOException e) {
      ground.counts().diskErrors.increment();
      restsUntil = ground.time().millis() + ground.limits().diskRest().toMillis();
      if (!failing) {
        failing = true;
        LOG.warn("cache disk {} is not written to for a while: {}", storage, e.toString());
      }
    }
  }

  private void put(Resident resident) throws IOException {
    List<Slice> slices = resident.content().slices();
    List<DiskRecord.Chunk> chunks = new ArrayList<>(slices.size());
    List<ByteBuffer> bodies = new ArrayList<>(slices.size());
    for (Slice slice : slices) {
      chunks.add(new DiskRecord.Chunk(slice.length(), RecordCodec.crc(slice.buffer())));
      bodies.add(slice.buffer());
    }
    CacheKey key = resident.key();
    DiskRecord record = new DiskRecord.OfObject(key, resident.label(), chunks);
    DiskPlace.@Nullable Spot spot = append(record, bodies);
    if (spot == null) {
      ground.counts().diskSkips.increment();
      return;
    }
    ground.counts().diskWrites.increment();
    DiskPlace place = new DiskPlace(this, spot, null, resident.label().since());
    ground
        .index()
        .in(
            key,
            slot -> {
              @Nullable Resident now = slot.resident;
              if (now != null && now.content() == resident.content()) {
                slot.move(place, ground.counts());
              }
              ground.index().tidy(slot, ground.time().millis());
              return slot;
            });
  }

  private void putLabel(Resident resident, DiskPlace place) throws IOException {
    CacheKey key = resident.key();
    DiskRecord record =
        new DiskRecord.OfRenewal(
            key, resident.label(), place.at().segment().sequence(), place.at().offset());
    DiskPlace.@Nullable Spot spot = append(record, List.of());
    if (spot == null) {
      return;
    }
    DiskPlace renewed = new DiskPlace(this, place.at(), spot, resident.label().since());
    ground
        .index()
        .in(
            key,
            slot -> {
              @Nullable DiskPlace now = slot.place();
              if (now != null && now.at().equals(place.at())) {
                slot.move(renewed, ground.counts());
              }
              ground.index().tidy(slot, ground.time().millis());
              return slot;
            });
  }

  private DiskPlace.@Nullable Spot append(DiskRecord record, List<ByteBuffer> bodies)
      throws IOException {
    byte[] head = RecordCodec.head(record);
    if (head.length > RecordCodec.HEAD_MAX) {
      return null;
    }
    List<ByteBuffer> parts = new ArrayList<>(bodies.size() + 2);
    parts.add(RecordCodec.prefix(record, head));
    parts.add(ByteBuffer.wrap(head));
    parts.addAll(bodies);
    return log.append(record.key(), parts, RecordCodec.crc(ByteBuffer.wrap(head)));
  }

  // ---- reading

  /**
   * Reads an object on one of the disk's own threads.
   *
   * @param done gets it, held once for the receiver; null if it could not be read or is not what
   *     was written
   * @return false if too many reads are waiting; {@code done} is not called then
   */
  boolean read(CacheKey key, DiskPlace place, Consumer<@Nullable Resident> done) {
    try {
      readers.execute(() -> {
        @Nullable Resident read = null;
        try {
          read = readNow(key, place);
        } finally {
          done.accept(read); // whatever happened: others wait for it
        }
      });
      return true;
    } catch (RejectedExecutionException e) {
      ground.counts().diskSkips.increment();
      return false;
    }
  }

  private @Nullable Resident readNow(CacheKey key, DiskPlace place) {
    Segment segment = place.at().segment();
    if (!segment.use()) {
      return null;
    }
    try {
      Label label = place.renewed() == null ? null : labelOf(key, place.renewed());
      @Nullable Resident read = body(key, place.at(), label);
      if (read != null) {
        ground.counts().diskReads.increment();
      }
      return read;
    } catch (IOException e) {
      ground.counts().diskErrors.increment();
      LOG.warn("an object in {} on {} is lost: {}", segment.name(), storage, e.toString());
      return null;
    } finally {
      segment.done();
    }
  }

  private static @Nullable Label labelOf(CacheKey key, DiskPlace.Spot spot) throws IOException {
    if (!spot.segment().use()) {
      return null;
    }
    try {
      return recordAt(key, spot).record().label();
    } finally {
      spot.segment().done();
    }
  }

  /** A record and where its body begins in its segment. */
  private record Located(DiskRecord record, long bodyOffset) {}

  private static Located recordAt(CacheKey key, DiskPlace.Spot spot) throws IOException {
    Storage.Handle file = spot.segment().file();
    ByteBuffer bytes = ByteBuffer.allocate(RecordCodec.PREFIX_BYTES);
    file.read(bytes, spot.offset());
    RecordCodec.Prefix prefix = RecordCodec.prefix(bytes.flip());
    ByteBuffer head = ByteBuffer.allocate(prefix.headLength());
    file.read(head, spot.offset() + RecordCodec.PREFIX_BYTES);
    DiskRecord record = RecordCodec.head(prefix, head.flip());
    if (!record.key().equals(key)) {
      throw new BadRecord("the record of another key");
    }
    return new Located(record, spot.offset() + RecordCodec.PREFIX_BYTES + prefix.headLength());
  }

  private @Nullable Resident body(CacheKey key, DiskPlace.Spot spot, @Nullable Label newer)
      throws IOException {
    Located located = recordAt(key, spot);
    if (!(located.record() instanceof DiskRecord.OfObject object)) {
      throw new BadRecord("a record without a body");
    }
    List<Slice> slices = new ArrayList<>(object.chunks().size());
    boolean whole = false;
    try {
      long at = located.bodyOffset();
      whole = true;
      for (DiskRecord.Chunk chunk : object.chunks()) {
        whole &= chunk(spot.segment().file(), at, chunk, slices);
        at += chunk.length();
      }
    } catch (IOException e) {
      whole = false;
      throw e;
    } finally {
      if (!whole) {
        slices.forEach(Slice::release);
      }
    }
    if (!whole) {
      return null;
    }
    Label label = newer == null ? object.label() : newer;
    Life life = label.life().heldBack(ground.time().millis());
    return new Resident(
        key,
        new Label(label.status(), label.fields(), life, label.since()),
        Content.whole(slices),
        ground.time());
  }

  /** Reads and verifies a part; false if there is no memory for it. */
  private boolean chunk(Storage.Handle file, long from, DiskRecord.Chunk chunk, List<Slice> slices)
      throws IOException {
    CRC32C crc = new CRC32C();
    int left = chunk.length();
    while (left > 0) {
      @Nullable Slice slice = ground.memory().take(left);
      if (slice == null) {
        return false;
      }
      slices.add(slice);
      file.read(slice.memory(), from + chunk.length() - left);
      crc.update(slice.buffer());
      left -= slice.length();
    }
    if ((int) crc.getValue() != chunk.crc()) {
      throw new BadRecord("bytes that do not match their checksum");
    }
    return true;
  }

  // ---- ending

  /** Waits until all that waits to be written now is; false if that took too long. */
  boolean drain(long millis) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    writer.execute(reached::countDown);
    return reached.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Writes what is waiting, as long as {@code closeMax} allows, and lets go of the files. */
  void close() {
    readers.shutdown();
    long millis = ground.limits().closeMax().toMillis();
    try {
      writer.execute(this::closeLog);
      writer.shutdown();
      if (!writer.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
        LOG.warn("cache disk {} was still being written to after {} ms", storage, millis);
      }
      if (!readers.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
        LOG.warn("cache disk {} was still being read after {} ms", storage, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLog() {
    try {
      log.close();
    } catch (IOException e) {
      LOG.warn("cache disk {} did not close: {}", storage, e.toString());
    }
  }
}
