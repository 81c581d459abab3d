package warmfront.edge.cache;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Slice;
import warmfront.edge.step.CacheKey;

/** The disks. An object is written to the one that its key names, and found where it was. */
final class DiskTier {
  private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);

  private final Ground ground;
  private List<Disk> disks = List.of();

  DiskTier(Ground ground) {
    this.ground = ground;
  }

  /**
   * Where an object is.
   *
   * @param disk which disk
   * @param object its record, or its head
   * @param label its newer head; null if it was never confirmed since it was written
   */
  record Found(Disk disk, Entry object, @Nullable Entry label) {
    /** Returns the configuration at the time when it was fetched, or confirmed the last time. */
    Since since() {
      return label == null ? object.since() : label.since();
    }
  }

  /** Begins to use disks; called once, before the first look-up. */
  void use(List<Disk> opened) {
    disks = List.copyOf(opened);
  }

  /** Waits until it is known what the disks hold, or that took too long: it goes on meanwhile. */
  void awaitLoaded(long millis) {
    try {
      for (Disk disk : disks) {
        if (!disk.awaitLoaded(millis)) {
          LOG.info("serving while {} is still being read", disk);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns where an object is on disk; null if it is not. */
  @Nullable Found find(CacheKey key) {
    if (disks.isEmpty()) {
      return null;
    }
    @Nullable Entry object = ground.onDisk().find(RecordKey.of(key));
    if (object == null || disks.get(object.place().disk()).isOut()) {
      return null;
    }
    @Nullable Entry label =
        object.kind() == Entry.Kind.OBJECT ? ground.onDisk().find(RecordKey.label(key)) : null;
    boolean newer = label != null && label.place().packed() > object.place().packed();
    return new Found(disks.get(object.place().disk()), object, newer ? label : null);
  }

  /** Returns where a slice is on disk; null if it is not. */
  @Nullable Entry findSlice(RecordKey key) {
    @Nullable Entry entry = disks.isEmpty() ? null : ground.onDisk().find(key);
    return entry == null || disks.get(entry.place().disk()).isOut() ? null : entry;
  }

  /**
   * Reads a slice on its disk's own threads.
   *
   * @param done gets it, with one pin each for the receiver; null if it could not be read or is not
   *     what was written; called before this returns if too many reads are waiting
   */
  void readSlice(
      CacheKey key, SliceHead wanted, Entry entry, Consumer<@Nullable List<Slice>> done) {
    disks.get(entry.place().disk()).readSlice(key, wanted, entry, done);
  }

  /**
   * Writes a slice of a long object, in the background.
   *
   * @param pinned its bytes, pinned once for the writer
   * @return false if the disk does not take it now
   */
  boolean writeSlice(ObjectHead head, Piece piece, List<Slice> pinned) {
    if (disks.isEmpty() || !isWorthWriting(head.label())) {
      pinned.forEach(Slice::release);
      return false;
    }
    return diskOf(head.key()).write(new WriteJob.OfSlice(head, piece, pinned, ground));
  }

  /** Writes the head of a long object, in the background. */
  void writeHead(Resident resident) {
    if (!disks.isEmpty() && isWorthWriting(resident.label()) && resident.hold()) {
      diskOf(resident.key()).write(new WriteJob.OfHead(resident, ground));
    }
  }

  /** Returns whether there is a disk to write an object to. */
  boolean takes(CacheKey key) {
    return !disks.isEmpty() && diskOf(key).takesWrites();
  }

  /** Returns whether all slices of a long object are on disk. */
  boolean hasAll(ObjectHead head) {
    long slices = (head.bodyLength() + Sliced.SLICE - 1) / Sliced.SLICE;
    for (long number = 0; number < slices; number++) {
      if (findSlice(RecordKey.slice(head.key(), head.generation(), number)) == null) {
        return false;
      }
    }
    return true;
  }

  /** Forgets what is on disk of a key. */
  void forget(CacheKey key) {
    if (!disks.isEmpty()) {
      ground.onDisk().remove(RecordKey.of(key));
      ground.onDisk().remove(RecordKey.label(key));
    }
  }

  /**
   * Writes a whole object, in the background. Errors, which are over in seconds, and what would
   * have to be fetched anew in any case are not worth it.
   */
  void write(Resident resident) {
    if (!disks.isEmpty() && isWorthWriting(resident.label())) {
      diskOf(resident.key()).write(resident);
    }
  }

  private static boolean isWorthWriting(Label label) {
    boolean confirmable = label.etag().isPresent() || label.lastModified().isPresent();
    return !label.isError() && (confirmable || !label.life().askEachTime());
  }

  /** Writes the newer label of an object, if its bytes are on disk. */
  void renew(Resident resident) {
    @Nullable Found found = find(resident.key());
    if (found != null) {
      found.disk().renew(resident, found.object());
    }
  }

  boolean drain(long millis) throws InterruptedException {
    boolean all = true;
    for (Disk disk : disks) {
      all &= disk.drain(millis);
    }
    return all;
  }

  void close() {
    disks.forEach(Disk::close);
  }

  private Disk diskOf(CacheKey key) {
    return disks.get((int) Long.remainderUnsigned(key.high(), disks.size()));
  }
}
