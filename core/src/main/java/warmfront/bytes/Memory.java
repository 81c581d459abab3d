package warmfront.bytes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory of a fixed budget, handed out as slices. It is taken from the system in a few
 * large regions, each when those before it are full, so that a process that stores little stays
 * small; a region stays until nothing refers to it. Thread-safe: one lock per region, held for the
 * steps of one allocation.
 */
public final class Memory {
  /** The longest slice, in bytes: 1 MiB. */
  public static final int SLICE_MAX = 1 << 20;

  /** A region is at most this long, so that its offsets fit a buffer. */
  private static final int REGION_MAX = 256 << 20;

  private final Backing backing;
  private final int regionBytes;
  private final int regionsMax;
  private final List<Region> regions = new CopyOnWriteArrayList<>();
  private final AtomicLong used = new AtomicLong();

  /** Makes memory that is never lent, of which nothing is taken yet. */
  public Memory(long budgetBytes) {
    this(budgetBytes, Backing.PLAIN);
  }

  /**
   * Makes memory of which nothing is taken yet.
   *
   * @param budgetBytes how much is handed out at most; rounded down to whole regions, an eighth of
   *     it or a MiB each
   * @param backing where the regions come from
   */
  public Memory(long budgetBytes, Backing backing) {
    this.backing = backing;
    if (budgetBytes < SLICE_MAX) {
      throw new IllegalArgumentException("at least 1 MiB of memory: " + budgetBytes);
    }
    long eighth = budgetBytes / 8 / SLICE_MAX * SLICE_MAX;
    regionBytes = Math.clamp(eighth, SLICE_MAX, REGION_MAX);
    regionsMax = Math.toIntExact(budgetBytes / regionBytes);
  }

  /**
   * Returns a slice pinned once for the caller, or null if no run of free bytes is that long. What
   * is in it is undefined.
   *
   * @param length in bytes, 1 to {@link #SLICE_MAX}
   */
  public @Nullable Slice allocate(int length) {
    if (length < 1 || length > SLICE_MAX) {
      throw new IllegalArgumentException("1 to %d bytes: %d".formatted(SLICE_MAX, length));
    }
    for (Region region : regions) {
      @Nullable Slice slice = region.hand(length);
      if (slice != null) {
        return slice;
      }
    }
    return open() ? allocate(length) : null;
  }

  /**
   * Returns the number of bytes handed out and not given back, in whole units of 512 or, for slices
   * of 16 KiB and more, whole pages.
   */
  public long used() {
    return used.get();
  }

  /** Returns how many bytes can be handed out at most. */
  public long budget() {
    return (long) regionsMax * regionBytes;
  }

  private synchronized boolean open() {
    if (regions.size() == regionsMax) {
      return false;
    }
    regions.addFirst(new Region(backing, regionBytes, used));
    return true;
  }
}
