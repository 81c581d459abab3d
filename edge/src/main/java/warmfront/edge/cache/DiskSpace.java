package warmfront.edge.cache;

import java.nio.file.Path;

/**
 * A place on a disk for cached objects.
 *
 * @param path a directory of its own; made if it is not there
 * @param sizeBytes how much may be written to it, at least 1 MiB
 * @param reserveBytes how much is left free on its file system
 */
public record DiskSpace(Path path, long sizeBytes, long reserveBytes) {
  /** No segment is longer than this: one of it is scanned after a crash. */
  private static final long SEGMENT_MAX = 256 << 20;

  /** Only large disks have longer segments than the limits say. */
  private static final long SEGMENT_SCALED = 64 << 20;

  /** A disk has about so many segments, so that one of them is a small part of it. */
  private static final int SEGMENTS = 1024;

  /** It has so many at least, unless they would be shorter than a MiB. */
  private static final int SEGMENTS_MIN = 8;

  public DiskSpace {
    if (sizeBytes < 1 << 20 || reserveBytes < 0) {
      throw new IllegalArgumentException(
          "at least 1 MiB of disk and no negative reserve: %d, %d"
              .formatted(sizeBytes, reserveBytes));
    }
  }

  SegmentLog.Extent extent(CacheLimits limits) {
    long most = Math.max(sizeBytes / SEGMENTS_MIN, 1 << 20);
    long scaled = Math.min(sizeBytes / SEGMENTS, SEGMENT_MAX);
    long wanted = scaled < SEGMENT_SCALED ? limits.segmentBytes() : scaled;
    return new SegmentLog.Extent(sizeBytes, reserveBytes, Math.min(wanted, most));
  }
}
