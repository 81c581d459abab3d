package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all a process must not forget; held by one process at a time, with a file
 * lock that dies with it. Its format has a number: a newer one is refused.
 */
public final class DataDirectory implements AutoCloseable {
  /** The format that this version writes; raised when an older version could not read it. */
  static final int FORMAT = 1;

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the folder, making it if need be (mode 0700).
   *
   * @throws StartException if another process holds it or a newer version wrote it
   */
  public static DataDirectory hold(Path path) throws StartException {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StartException("the data directory " + path + " is held by another process");
      }
      DataDirectory held = new DataDirectory(path, channel, lock);
      held.checkFormat();
      return held;
    } catch (IOException e) {
      throw new StartException("the data directory " + path + " cannot be used: " + e, e);
    }
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns a folder inside, made if it is not there. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held within this process
    }
  }

  private void checkFormat() throws IOException, StartException {
    Path file = path.resolve("format");
    if (!Files.exists(file)) {
      Files.writeString(file, FORMAT + "\n", UTF_8);
      return;
    }
    String text = Files.readString(file, UTF_8).strip();
    if (!text.matches("[0-9]{1,9}")) {
      close();
      throw new StartException(file + " does not hold a number: " + text);
    }
    if (Integer.parseInt(text) > FORMAT) {
      close();
      throw new StartException(
          "the data directory %s has format %s, written by a newer version; this one knows up to %d"
              .formatted(path, text, FORMAT));
    }
  }
}
