package warmfront.edge.cache;

/**
 * What all parts of one cache stand on.
 *
 * @param limits how much it may take
 * @param time its time
 * @param counts its counters
 * @param index its slots
 * @param onDisk what is on its disks
 * @param memory its memory
 * @param invalidations those that are applied now
 */
record Ground(
    CacheLimits limits,
    Timeline time,
    Counts counts,
    Index index,
    DiskIndex onDisk,
    MemoryTier memory,
    Applied invalidations) {
  /** The invalidations of the snapshot that is served; swapped as a whole. */
  static final class Applied {
    private volatile Invalidations current = Invalidations.none();

    Invalidations current() {
      return current;
    }

    void swap(Invalidations next) {
      current = next;
    }
  }

  /** Returns the invalidations that count now. */
  Invalidations current() {
    return invalidations.current();
  }
}
