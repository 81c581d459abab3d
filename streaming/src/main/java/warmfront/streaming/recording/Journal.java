package warmfront.streaming.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A small file of lines, each of which is there wholly or not at all. Used under its owner's lock.
 */
final class Journal implements AutoCloseable {
  private final FileChannel file;

  private Journal(FileChannel file) {
    this.file = file;
  }

  /** Opens a journal to add lines, with these at its beginning and nothing else. */
  static Journal open(Path path, List<String> lines) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel file =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(file, lines);
      file.force(true);
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    return new Journal(FileChannel.open(path, StandardOpenOption.APPEND));
  }

  /** Returns the whole lines of a journal; none if there is no such file. */
  static List<String> read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(Files.readString(path).split("\n", -1)));
    lines.removeLast(); // behind the last end of a line there is nothing, or a torn line
    return lines;
  }

  /** Adds a line. */
  void add(String line) throws IOException {
    long before = file.size();
    try {
      write(file, List.of(line));
    } catch (IOException e) {
      cut(before);
      throw e;
    }
  }

  /** Returns how long it is, in bytes. */
  long length() throws IOException {
    return file.size();
  }

  /** Forgets the lines that were added since it was as long as this. */
  void cut(long length) throws IOException {
    var _ = file.truncate(length);
  }

  /** Has the disk keep it over a loss of power. */
  void force() throws IOException {
    file.force(false);
  }

  private static void write(FileChannel file, List<String> lines) throws IOException {
    if (!lines.isEmpty()) {
      ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        int _ = file.write(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
