package warmfront.edge.cache;

/**
 * Where a record is: disk, segment and offset in one long, as the index keeps it. Never 0, because
 * segments are numbered from 1.
 *
 * @param packed 6 bits of disk, 26 of the segment's number, 32 of the offset in it
 */
record Place(long packed) {
  /** Disks of one cache at most. */
  static final int DISKS_MAX = 64;

  /**
   * Segments of one disk at most. Their numbers go on growing; the segments that are there have
   * numbers that follow one another closely enough to differ in these bits.
   */
  static final int SEGMENTS_MAX = 1 << 26;

  private static final long OFFSET_MASK = 0xFFFF_FFFFL;

  static Place of(int disk, long sequence, long offset) {
    assert disk >= 0 && disk < DISKS_MAX && offset >= 0 && offset <= OFFSET_MASK;
    return new Place((long) disk << 58 | (long) number(sequence) << 32 | offset);
  }

  /** Returns a segment's number as places have it: never 0. */
  static int number(long sequence) {
    return (int) (sequence % (SEGMENTS_MAX - 1)) + 1;
  }

  int disk() {
    return (int) (packed >>> 58);
  }

  /** Returns {@link #number} of the segment's sequence. */
  int segment() {
    return (int) (packed >>> 32) & SEGMENTS_MAX - 1;
  }

  long offset() {
    return packed & OFFSET_MASK;
  }
}
