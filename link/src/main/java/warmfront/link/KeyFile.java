package warmfront.link;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Files that only their owner may read. */
public final class KeyFile {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final int KEY_BYTES = 32;

  private KeyFile() {}

  /**
   * Returns the AES key in {@code file}, which is made with mode 0600 if it is not there.
   *
   * @throws IllegalStateException if the file has not 32 bytes, or others may read it
   */
  public static SecretKey loadOrMake(Path file, SecureRandom random) {
    try {
      if (Files.notExists(file)) {
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        write(file, fresh);
      }
      requirePrivate(file);
      byte[] key = Files.readAllBytes(file);
      if (key.length != KEY_BYTES) {
        throw new IllegalStateException("%s has %d bytes, not 32".formatted(file, key.length));
      }
      return new SecretKeySpec(key, "AES");
    } catch (IOException failed) {
      throw new UncheckedIOException("the key " + file + " cannot be read or made", failed);
    }
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void to(OutputStream out) throws IOException;
  }

  /** Writes a file that only its owner may read, wholly or not at all, and flushes it to disk. */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  /** Writes a file as {@link #write(Path, byte[])} does, from what is too much for an array. */
  public static void write(Path file, Content content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER));
    } catch (FileAlreadyExistsException raced) {
      throw new IOException("another process writes " + file, raced);
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      content.to(out);
      out.flush();
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      flushFolder(folder);
    }
  }

  /** Makes a rename in {@code folder} durable. */
  static void flushFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
      if (!OWNER.contains(permission) && permission != PosixFilePermission.OWNER_EXECUTE) {
        throw new IllegalStateException(
            "%s may be used by others (%s); chmod 600 it".formatted(file, permission));
      }
    }
  }
}
