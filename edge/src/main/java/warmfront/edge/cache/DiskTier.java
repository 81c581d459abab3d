package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.Comparator;
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
    disks.get(entry.place().disk()).reads().readSlice(key, wanted, entry, done);
  }

  /** Writes a slice of a long object, in the background; false if the disk does not take it now. */
  boolean writeSlice(ObjectHead head, WriteJob slice) {
    return diskOf(head.key()).write(slice);
  }

  /** Writes the head of a long object that is worth it, in the background. */
  void writeHead(Resident resident, Sliced content) {
    if (content.isAdmitted() && resident.hold()) {
      diskOf(resident.key()).write(new WriteJob.OfHead(resident, ground));
    }
  }

  /** Returns whether a disk takes a long object that can be nowhere else. */
  boolean takesLong(CacheKey key) {
    return !disks.isEmpty() && diskOf(key).takesWrites() && diskOf(key).admits(key, Sliced.SLICE);
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
    // A newer head without its object leads nowhere: it need not be looked for.
    if (!disks.isEmpty() && ground.onDisk().remove(RecordKey.of(key))) {
      ground.onDisk().remove(RecordKey.label(key));
    }
  }

  // ---- what is worth writing

  /** Writes an object that was just fetched, in the background, if it is worth it. */
  void write(Resident resident) {
    CacheKey key = resident.key();
    if (isWorthWriting(resident.label()) && diskOf(key).admits(key, resident.length())) {
      diskOf(key).write(resident);
    }
  }

  /** Writes an object whether it is worth it or not, where there are disks. */
  void writeAnyway(Resident resident) {
    if (!disks.isEmpty()) {
      diskOf(resident.key()).write(resident);
    }
  }

  /** Decides about a long object that is being fetched; as a whole, whichever part is wanted. */
  void admit(Resident resident, Sliced content) {
    CacheKey key = resident.key();
    boolean decided = !content.isFillable() && !content.fitsMemory(); // by takesLong
    if (isWorthWriting(resident.label()) && (decided || diskOf(key).admits(key, Sliced.SLICE))) {
      content.admit();
    }
  }

  /** An object in memory was asked for again: it is worth writing if it was not before. */
  void askedAgain(Resident resident) {
    if (!isWorthWriting(resident.label())) {
      return;
    }
    Disk disk = diskOf(resident.key());
    switch (resident.content()) {
      case OnePiece content -> {
        if (isOnlyInMemory(resident, content)) {
          disk.admitted(content.length());
          disk.write(resident);
        }
      }
      case Sliced content -> {
        disk.admitted(Sliced.SLICE);
        content.admit();
        writeHead(resident, content);
        for (Piece piece : content.unwritten()) {
          if (!content.store(piece)) {
            break; // the disk is behind: the others when they leave
          }
        }
      }
    }
  }

  /**
   * Begins to write what is about to leave memory, if it is worth it and not on disk, and says
   * whether: then it leaves later. Once for each, and no more than may wait to be written, so that
   * nobody who needs memory waits for a disk. Called under the eviction's lock.
   */
  boolean saves(Evictable leaving) {
    return switch (leaving) {
      case Resident resident ->
          resident.content() instanceof OnePiece content
              && isWorthSaving(resident, content)
              && content.offer()
              && diskOf(resident.key()).write(resident);
      case Piece piece ->
          piece.content().isAdmitted()
              && !piece.isWritten()
              && piece.offer()
              && piece.content().store(piece);
    };
  }

  private boolean isWorthSaving(Resident resident, OnePiece content) {
    Life life = resident.label().life();
    boolean over = !life.askEachTime() && ground.time().millis() >= life.backgroundUntil();
    return !over
        && isWorthWriting(resident.label())
        && isOnlyInMemory(resident, content)
        && Admission.onLeaving(resident.uses(), diskOf(resident.key()).isFull(content.length()));
  }

  private boolean isOnlyInMemory(Resident resident, OnePiece content) {
    return !content.isQueued() && !ground.onDisk().has(RecordKey.of(resident.key()));
  }

  /**
   * Returns whether an object belongs on a disk. Errors, which are over in seconds, and what would
   * have to be fetched anew in any case do not.
   */
  private boolean isWorthWriting(Label label) {
    if (disks.isEmpty()) {
      return false;
    }
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

  /**
   * Writes what waits to be written and what is in memory alone, most used first, as long as {@link
   * CacheLimits#closeMax} allows, and lets go of all files.
   */
  void close() {
    List<List<Resident>> leaving = new ArrayList<>();
    disks.forEach(_ -> leaving.add(new ArrayList<>()));
    for (Resident resident : mostUsedFirst()) {
      leaving.get(numberOf(resident.key())).add(resident);
    }
    long until = ground.time().clock().nanos() + ground.limits().closeMax().toNanos();
    for (int i = 0; i < disks.size(); i++) {
      disks.get(i).beginClose(leaving.get(i).iterator(), this::saving, until);
    }
    disks.forEach(disk -> disk.awaitClosed(until));
  }

  /** A use more may be counted meanwhile; what is sorted by stays. */
  private record Used(Resident resident, int uses) {}

  private List<Resident> mostUsedFirst() {
    List<Used> all = new ArrayList<>();
    if (!disks.isEmpty()) {
      ground
          .index()
          .forEach(slot -> {
            @Nullable Resident resident = slot.resident;
            if (resident != null && isWorthWriting(resident.label())) {
              all.add(new Used(resident, resident.uses()));
            }
          });
    }
    all.sort(Comparator.comparingInt(Used::uses).reversed());
    return all.stream().map(Used::resident).toList();
  }

  /** Returns the writing of what is in memory alone of an object. */
  private List<WriteJob> saving(Resident resident) {
    List<WriteJob> jobs = new ArrayList<>(1);
    switch (resident.content()) {
      case OnePiece content -> {
        if (content.isWhole() && isWorthSaving(resident, content) && resident.hold()) {
          jobs.add(new WriteJob.OfObject(resident, content, ground));
        }
      }
      case Sliced content -> {
        boolean head = content.isAdmitted() && !ground.onDisk().has(RecordKey.of(resident.key()));
        if (head && resident.hold()) {
          jobs.add(new WriteJob.OfHead(resident, ground));
        }
        for (Piece piece : content.unwritten()) {
          @Nullable WriteJob slice = content.writing(piece);
          if (slice != null) {
            jobs.add(slice);
          }
        }
      }
    }
    return jobs;
  }

  private Disk diskOf(CacheKey key) {
    return disks.get(numberOf(key));
  }

  private int numberOf(CacheKey key) {
    return number(key, disks.size());
  }

  /** Returns which of so many disks an object is written to. */
  static int number(CacheKey key, int disks) {
    return (int) Long.remainderUnsigned(key.high(), disks);
  }
}
