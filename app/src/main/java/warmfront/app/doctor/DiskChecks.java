package warmfront.app.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import warmfront.app.config.Config;
import warmfront.edge.cache.Cache;

/** Whether the folders that a process writes to can be written to, and have room. */
final class DiskChecks {
  /** Less free space than this and a log of changes or a map may not fit. */
  private static final long FREE_WANTED = 1L << 30;

  private static final int MIB = 20;

  private DiskChecks() {}

  static List<Finding> of(Config config) {
    List<Finding> found = new ArrayList<>();
    found.add(folder("the data directory", config.data()));
    config.edge().disks().forEach(disk -> found.add(folder("cache disk", disk.path())));
    found.addAll(takenOut(config));
    return found;
  }

  private static Finding folder(String what, Path folder) {
    Path there = folder.toAbsolutePath();
    while (there != null && Files.notExists(there)) {
      there = there.getParent(); // made at the first start
    }
    if (there == null || !Files.isDirectory(there)) {
      return Finding.wrong("%s %s is not a directory", what, folder);
    }
    if (!Files.isWritable(there)) {
      return Finding.wrong("%s %s cannot be written to by this user", what, folder);
    }
    try {
      FileStore store = Files.getFileStore(there);
      long free = store.getUsableSpace();
      sync(there);
      if (free < FREE_WANTED) {
        return Finding.wrong(
            "%s %s has %d MiB left: make room, or move it", what, folder, free >> MIB);
      }
      return store.type().equals("tmpfs")
          ? Finding.note("%s %s lies in memory (tmpfs) and is gone with it", what, folder)
          : Finding.ok("%s %s: %d MiB free, %s", what, folder, free >> MIB, store.type());
    } catch (IOException failed) {
      return Finding.wrong("%s %s fails: %s; look at the disk", what, folder, failed.getMessage());
    }
  }

  /** What was acknowledged must survive a power cut: a disk that refuses to sync is no disk. */
  private static void sync(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".doctor", ".tmp");
    try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      channel.force(true);
    } finally {
      Files.delete(probe);
    }
  }

  /** Looks for disks that were taken out: by their own word and by the data folder's. */
  private static List<Finding> takenOut(Config config) {
    List<Path> folders =
        Stream.concat(
                Stream.of(config.data().resolve("edge").resolve("cache")),
                config.edge().disks().stream().map(Config.Disk::path))
            .toList();
    List<Finding> found = new ArrayList<>();
    for (Path folder : folders) {
      try {
        Cache.takenOut(folder)
            .forEach(note ->
                found.add(
                    Finding.wrong(
                        "a cache disk failed and was taken out, says %s; replace or repair it,"
                            + " delete the files that are named there, and start the edge anew",
                        note)));
      } catch (IOException | UncheckedIOException e) {
        found.add(
            Finding.wrong("cache disk %s cannot be looked through: %s", folder, e.getMessage()));
      }
    }
    return found.isEmpty() ? List.of(Finding.ok("no cache disk was taken out")) : found;
  }
}
