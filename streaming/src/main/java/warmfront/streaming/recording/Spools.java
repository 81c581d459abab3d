package warmfront.streaming.recording;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of all recordings that are not whole in their buckets. Thread-safe. */
final class Spools {
  private static final Logger LOG = LoggerFactory.getLogger(Spools.class);

  private final Path folder;
  private final RecordingLimits limits;
  private final FileStore disk;
  private final Set<Spool> all = ConcurrentHashMap.newKeySet();

  private Spools(Path folder, RecordingLimits limits) throws IOException {
    this.folder = folder;
    this.limits = limits;
    this.disk = Files.getFileStore(folder);
  }

  /** Opens the folder, with what was left behind in it. */
  static Spools open(Path folder, RecordingLimits limits) throws IOException {
    Files.createDirectories(folder);
    Spools spools = new Spools(folder, limits);
    List<Path> found;
    try (Stream<Path> list = Files.list(folder)) {
      found = list.filter(Files::isDirectory).sorted().toList();
    }
    for (Path one : found) {
      try {
        Spool.found(one).ifPresent(spools.all::add);
      } catch (IOException e) {
        LOG.warn("the recording in {} cannot be gone on with: {}", one, e.getMessage(), e);
      }
    }
    return spools;
  }

  List<Spool> all() {
    return new ArrayList<>(all);
  }

  /**
   * Begins a recording.
   *
   * @param take says what, and when
   * @return nothing if there is one of this name
   */
  Optional<Spool> begin(Take take) throws IOException {
    Path own = folder.resolve(take.name());
    if (Files.exists(own)) {
      return Optional.empty();
    }
    Spool spool = Spool.begin(own, take.object(), take.began(), limits.partBytes());
    all.add(spool);
    return Optional.of(spool);
  }

  /** Returns whether there is room for so many bytes more. */
  boolean hasRoom(long bytes) throws IOException {
    return heldBytes() + bytes <= limits.spoolBytes()
        && disk.getUsableSpace() - bytes >= limits.reserveBytes();
  }

  boolean has(Spool spool) {
    return all.contains(spool);
  }

  /** Forgets a recording. */
  void delete(Spool spool) throws IOException {
    all.remove(spool);
    spool.delete();
  }

  long count() {
    return all.size();
  }

  long heldBytes() {
    return all.stream().mapToLong(Spool::heldBytes).sum();
  }

  /** Lets go of all files. */
  void leave() {
    for (Spool spool : all) {
      try {
        spool.leave();
      } catch (IOException e) {
        LOG.warn("a recording's files cannot be closed", e);
      }
    }
  }
}
