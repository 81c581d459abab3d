package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over a restart that a disk was taken out: in a file on it and, because a disk that
 * fails can often not be written to, in another in a folder elsewhere. It stays out while either is
 * there.
 */
final class TakenOut {
  /** The file on the disk. */
  static final String MARKER = "taken-out.txt";

  private static final Logger LOG = LoggerFactory.getLogger(TakenOut.class);

  private final Storage storage;
  private final Path disk;
  private final Optional<Path> note;

  /**
   * Remembers of a disk.
   *
   * @param notes the folder elsewhere, if there is one
   */
  TakenOut(Storage storage, DiskSpace space, Optional<Path> notes) {
    this.storage = storage;
    this.disk = space.path().toAbsolutePath().normalize();
    this.note =
        notes.map(
            folder -> folder.resolve("taken-out-%08x.txt".formatted(disk.toString().hashCode())));
  }

  /** Returns whether it is noted elsewhere; the disk is not touched. */
  boolean isNotedElsewhere() {
    return note.filter(Files::exists).isPresent();
  }

  /** Returns which files have to be deleted to use it again. */
  String files() {
    return note.map(file -> disk.resolve(MARKER) + " and " + file)
        .orElseGet(() -> disk.resolve(MARKER).toString());
  }

  /** Notes that it was taken out. */
  void note(IOException why) {
    String text =
        "The disk %s failed and holds no cached objects until these files are deleted:%n%s%n%s%n"
            .formatted(disk, files(), why);
    note.ifPresent(file -> {
      try {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
      } catch (IOException e) {
        LOG.warn(
            "cache disk {} could not be noted as taken out in {}: {}", disk, file, e.toString());
      }
    });
    try (Storage.Handle file = storage.open(MARKER)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      file.force();
    } catch (IOException e) {
      LOG.warn("cache disk {} could not be marked as taken out: {}", disk, e.toString());
    }
  }

  /**
   * Returns the files in a folder, and in the folders in it, that say that a disk was taken out.
   */
  static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(folder, 2, (file, _) -> isNote(file))) {
      return files.sorted().toList();
    }
  }

  private static boolean isNote(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("taken-out") && name.endsWith(".txt");
  }
}
