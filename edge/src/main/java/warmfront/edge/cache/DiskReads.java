package warmfront.edge.cache;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.CacheKey;

/**
 * The reads of one disk, on a few threads of its own, so that one that is slow holds up nobody who
 * does not want something of it. Only so many may wait. Thread-safe.
 */
final class DiskReads {
  private final DiskReader reader;
  private final ThreadPoolExecutor readers;
  private final Told told;
  private final Ground ground;
  private final Function<ObjectHead, @Nullable Resident> longs;
  private volatile boolean closing;

  /**
   * Who hears of failures.
   *
   * @param health of all
   * @param suspect of records that are not what was written
   */
  record Told(Health health, Consumer<Place> suspect) {
    void failed(String what, Entry entry, IOException why) {
      health.readFailed(what, why);
      if (why instanceof BadRecord) {
        suspect.accept(entry.place());
      }
    }
  }

  DiskReads(
      DiskReader reader,
      ThreadFactory threads,
      Told told,
      Ground ground,
      Function<ObjectHead, @Nullable Resident> longs) {
    this.reader = reader;
    this.told = told;
    this.ground = ground;
    this.longs = longs;
    CacheLimits limits = ground.limits();
    readers =
        new ThreadPoolExecutor(
            limits.diskThreads(),
            limits.diskThreads(),
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.diskQueueMax()),
            threads);
    readers.allowCoreThreadTimeOut(true);
  }

  /**
   * Reads an object on one of the disk's own threads.
   *
   * @param found where it is
   * @param done gets it, held once for the receiver; null if it could not be read or is not what
   *     was written
   * @return false if too many reads are waiting; {@code done} is not called then
   */
  boolean read(CacheKey key, DiskTier.Found found, Consumer<@Nullable Resident> done) {
    try {
      readers.execute(() -> {
        @Nullable Resident read = null;
        try {
          read = closing ? null : readNow(key, found);
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

  private @Nullable Resident readNow(CacheKey key, DiskTier.Found found) {
    try {
      @Nullable Resident read = readObject(key, found);
      if (read != null) {
        ground.counts().diskReads.increment();
        ground.onDisk().use(RecordKey.of(key));
      }
      return read;
    } catch (IOException e) {
      told.failed("an object", found.object(), e);
      return null;
    }
  }

  private @Nullable Resident readObject(CacheKey key, DiskTier.Found found) throws IOException {
    @Nullable Entry newer = found.label();
    Entry object = found.object();
    if (object.kind() == Entry.Kind.LONG) {
      return readLong(key, object);
    }
    DiskReader.@Nullable Whole whole = reader.object(key, object);
    if (whole == null) {
      return null;
    }
    ObjectHead head = whole.head();
    List<Slice> body = whole.body();
    Label label = head.label();
    if (newer != null) {
      ObjectHead renewed = reader.head(key, newer);
      label = renewed.generation() == head.generation() ? renewed.label() : label;
    }
    Label held = label.heldBack(ground.time().millis());
    Content content = OnePiece.whole(body, head.generation());
    return new Resident(key, held, content, ground.time());
  }

  private @Nullable Resident readLong(CacheKey key, Entry object) throws IOException {
    ObjectHead head = reader.head(key, object);
    return longs.apply(head);
  }

  /** Reads a slice on one of the disk's own threads, as {@link DiskTier#readSlice} says. */
  void readSlice(
      CacheKey key, SliceHead wanted, Entry entry, Consumer<@Nullable List<Slice>> done) {
    try {
      readers.execute(() -> {
        @Nullable List<Slice> read = null;
        try {
          read = closing ? null : readSliceNow(key, wanted, entry);
        } finally {
          done.accept(read);
        }
      });
    } catch (RejectedExecutionException e) {
      ground.counts().diskSkips.increment();
      done.accept(null);
    }
  }

  private @Nullable List<Slice> readSliceNow(CacheKey key, SliceHead wanted, Entry entry) {
    RecordKey of = RecordKey.slice(key, wanted.generation(), wanted.number());
    try {
      @Nullable List<Slice> read = reader.slice(wanted, entry);
      if (read != null) {
        ground.counts().diskReads.increment();
        @Nullable Entry head = ground.onDisk().find(RecordKey.of(key));
        ground.onDisk().use(of, head == null ? 0 : head.freshUntil());
      }
      return read;
    } catch (IOException e) {
      told.failed("a slice of an object", entry, e);
      ground.onDisk().remove(of, entry.place());
      return null;
    }
  }

  /** Takes no more reads; those that wait get nothing. */
  void shutdown() {
    closing = true;
    readers.shutdown();
  }

  /** Waits for those under way; false if that took too long. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return readers.awaitTermination(millis, TimeUnit.MILLISECONDS);
  }
}
