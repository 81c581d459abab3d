package warmfront.edge.cache;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A place on a disk for cached objects.
 *
 * @param path a directory of its own; made if it is not there
 * @param sizeBytes how much may be written to it, at least 1 MiB
 * @param reserveBytes how much is left free on its file system
 */
public record DiskSpace(Path path, long sizeBytes, long reserveBytes) {
  private static final int SIZE_PERCENT = 80;
  private static final int RESERVE_PERCENT = 5;

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

  /**
   * Measures a disk.
   *
   * @param path a directory on it; made if it is not there
   * @param sizeBytes how much may be written to it; 0 for 80 % of what is free or ours already
   * @param reserveBytes how much is left free on it; 0 for 5 % of it
   * @throws IOException if it cannot be asked
   * @throws IllegalArgumentException if less than 1 MiB may be written
   */
  public static DiskSpace measured(Path path, long sizeBytes, long reserveBytes)
      throws IOException {
    Files.createDirectories(path);
    FileStore store = Files.getFileStore(path);
    long free = store.getUsableSpace() + used(path);
    long reserve = reserveBytes == 0 ? store.getTotalSpace() / 100 * RESERVE_PERCENT : reserveBytes;
    return new DiskSpace(path, sizeBytes == 0 ? free / 100 * SIZE_PERCENT : sizeBytes, reserve);
  }

  private static long used(Path path) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(path, 2)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Returns the part of one of {@code caches} caches that share the disk, named {@code name}. */
  public DiskSpace share(String name, int caches) {
    return new DiskSpace(path.resolve(name), sizeBytes / caches, reserveBytes);
  }

  Room.Extent extent(CacheLimits limits) {
    long most = Math.max(sizeBytes / SEGMENTS_MIN, 1 << 20);
    long scaled = Math.min(sizeBytes / SEGMENTS, SEGMENT_MAX);
    long wanted = scaled < SEGMENT_SCALED ? limits.segmentBytes() : scaled;
    return new Room.Extent(sizeBytes, reserveBytes, Math.min(wanted, most));
  }
}
