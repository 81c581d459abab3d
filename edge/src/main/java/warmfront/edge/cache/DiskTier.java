package warmfront.edge.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/** The disks; a key always has the same one. */
final class DiskTier {
  private final Ground ground;
  private List<Disk> disks = List.of();

  DiskTier(Ground ground) {
    this.ground = ground;
  }

  /** Begins to use disks; called once, before the first look-up. */
  void use(List<Disk> opened) {
    disks = List.copyOf(opened);
  }

  /**
   * Writes a whole object, in the background. Errors, which are over in seconds, and what would
   * have to be fetched anew in any case are not worth it.
   */
  void write(Resident resident) {
    Label label = resident.label();
    boolean confirmable = label.etag().isPresent() || label.lastModified().isPresent();
    boolean useful = confirmable || !label.life().askEachTime();
    if (!disks.isEmpty() && !label.isError() && useful) {
      diskOf(resident.key()).write(resident);
    }
  }

  /** Writes the newer label of an object, if its bytes are on disk. */
  void renew(Resident resident) {
    @Nullable Slot slot = ground.index().find(resident.key());
    if (slot == null) {
      return;
    }
    @Nullable DiskPlace place;
    synchronized (slot) {
      place = slot.place();
    }
    if (place != null) {
      place.disk().renew(resident, place);
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
