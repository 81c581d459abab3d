package warmfront.edge.cache;

import java.io.IOException;

/**
 * How much room a disk has for segments. The disk's writer's, but for {@link #isFull}, which any
 * thread may ask.
 */
final class Room {
  /** The file system is asked how much is free after so many bytes. */
  private static final long ASK_BYTES = 8 << 20;

  /** A disk that had to give something up is full until there is room for so many segments. */
  private static final long ROOMY_SEGMENTS = 2;

  private final Storage storage;
  private final Extent extent;
  private long used;
  private long free;
  private long askAfter;

  /** What can be written until something has to go, as far as it is known. */
  private volatile long left = Long.MAX_VALUE;

  /** Whether something had to go and there is little room since. */
  private volatile boolean pressed;

  /**
   * How much of a disk may be taken.
   *
   * @param sizeBytes all segments together
   * @param reserveBytes left free on the file system
   * @param segmentBytes of one segment
   */
  record Extent(long sizeBytes, long reserveBytes, long segmentBytes) {}

  Room(Storage storage, Extent extent) {
    this.storage = storage;
    this.extent = extent;
  }

  Extent extent() {
    return extent;
  }

  /** Counts bytes that a segment has more, or less. */
  void take(long bytes) {
    used += bytes;
    free -= bytes;
    askAfter -= Math.max(bytes, 0);
    if (left != Long.MAX_VALUE) {
      measured();
    }
  }

  /**
   * Returns whether so many bytes fit.
   *
   * @param staged bytes that are counted and not in their file yet
   */
  boolean fits(long needed, int staged) throws IOException {
    if (askAfter - needed <= 0) {
      ask(staged);
      askAfter = ASK_BYTES;
    }
    return used + needed <= extent.sizeBytes() && free - needed >= extent.reserveBytes();
  }

  /** Asks the file system how much is free. */
  void ask(int staged) throws IOException {
    free = storage.usableBytes() - staged;
    measured();
  }

  /** Something had to go: the file system is asked again, and whatever comes has to be worth it. */
  void press() {
    pressed = true;
    askAfter = 0;
  }

  private void measured() {
    left = Math.min(extent.sizeBytes() - used, free - extent.reserveBytes());
    pressed &= isTight();
  }

  /** Returns whether there is room for no more than what one segment leaves. */
  boolean isTight() {
    return left < ROOMY_SEGMENTS * extent.segmentBytes();
  }

  /**
   * Returns whether something has to go for so many bytes. Once something had to, that is so until
   * there is more room than one segment leaves.
   */
  boolean isFull(long bytes) {
    return pressed || left < bytes;
  }
}
