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
  public DiskSpace {
    if (sizeBytes < 1 << 20 || reserveBytes < 0) {
      throw new IllegalArgumentException(
          "at least 1 MiB of disk and no negative reserve: %d, %d"
              .formatted(sizeBytes, reserveBytes));
    }
  }
}
