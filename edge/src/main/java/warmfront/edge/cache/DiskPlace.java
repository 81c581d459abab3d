package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * Where an object is on disk.
 *
 * @param disk which disk
 * @param at the record with its bytes
 * @param renewed the record with its newer label; null if it was never confirmed since
 * @param since the configuration at the time its fetch began
 */
record DiskPlace(Disk disk, Spot at, @Nullable Spot renewed, Since since) {
  /**
   * A record in a segment.
   *
   * @param segment the segment
   * @param offset of the record's first byte
   */
  record Spot(Segment segment, long offset) {}

  /** Returns whether a part of it is in {@code segment}. */
  boolean isIn(Segment segment) {
    return at.segment() == segment || (renewed != null && renewed.segment() == segment);
  }
}
