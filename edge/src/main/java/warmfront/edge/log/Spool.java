package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished files, compressed or not, which may take only so much: the oldest make room.
 * Thread-safe.
 */
final class Spool {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private record Found(Path path, FileTime modified) {
    static Found of(Path path) {
      try {
        return new Found(path, Files.getLastModifiedTime(path));
      } catch (IOException e) {
        return new Found(path, FileTime.fromMillis(0));
      }
    }
  }

  private final Path directory;
  private final long bytesMax;

  /** Their bytes, the oldest first. Under this object's lock, as is all that follows. */
  private final Map<Path, Long> sizes = new LinkedHashMap<>();

  private long bytes;
  private long dropped;

  Spool(Path directory, long bytesMax) {
    this.directory = directory;
    this.bytesMax = bytesMax;
  }

  /** Takes what an earlier process left; returns it, the oldest first. */
  synchronized List<Path> open() throws IOException {
    for (Path half : files(LogFile.HALF)) {
      Files.deleteIfExists(half);
    }
    Stream.of(files(LogFile.OPEN), files(LogFile.FINISHED))
        .flatMap(List::stream)
        .map(Found::of)
        .sorted(Comparator.comparing(Found::modified))
        .forEach(found -> put(found.path()));
    makeRoom();
    return List.copyOf(sizes.keySet());
  }

  /** Takes a file that nobody writes to any more. */
  synchronized void add(Path file) {
    put(file);
    makeRoom();
  }

  /**
   * Takes what a file was compressed to, in its place.
   *
   * @return false if the file had to make room meanwhile: then so has what it was compressed to
   */
  synchronized boolean replace(Path file, Path compressed) {
    if (!sizes.containsKey(file)) {
      delete(compressed);
      return false;
    }
    forget(file);
    add(compressed);
    return true;
  }

  /** Deletes a file that is where it was to go. */
  synchronized void delivered(Path file) {
    forget(file);
    delete(file);
  }

  /** Returns the bytes of all of them. */
  synchronized long bytes() {
    return bytes;
  }

  /** Returns how many made room that were to go somewhere. */
  synchronized long dropped() {
    return dropped;
  }

  private void put(Path file) {
    long size = file.toFile().length();
    sizes.put(file, size);
    bytes += size;
  }

  private void forget(Path file) {
    Long size = sizes.remove(file);
    bytes -= size == null ? 0 : size;
  }

  private void makeRoom() {
    Iterator<Map.Entry<Path, Long>> oldest = sizes.entrySet().iterator();
    while (bytes > bytesMax && oldest.hasNext()) {
      Map.Entry<Path, Long> one = oldest.next();
      oldest.remove();
      bytes -= one.getValue();
      delete(one.getKey());
      if (Address.isOf(one.getKey())) {
        dropped++;
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("access log: {} cannot be deleted: {}", file, e.toString());
    }
  }

  private List<Path> files(String end) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory, 2)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> path.getFileName().toString().endsWith(end))
          .toList();
    }
  }
}
