package warmfront.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.random.RandomGenerator;
import warmfront.edge.policy.HashKey;

/** The file that keeps the key of cache keys, so that objects on disk are found after a restart. */
final class KeyFile {
  private static final int BYTES = 2 * Long.BYTES;

  private KeyFile() {}

  /**
   * Returns the key in a file, which is made if it is not there.
   *
   * @throws IOException if it cannot be read or made, or is not one
   */
  static HashKey open(Path path, RandomGenerator random) throws IOException {
    if (!Files.exists(path)) {
      make(path, random);
    }
    byte[] bytes = Files.readAllBytes(path);
    if (bytes.length != BYTES) {
      throw new IOException(path + " is no key: it has " + bytes.length + " bytes, not " + BYTES);
    }
    ByteBuffer key = ByteBuffer.wrap(bytes);
    return new HashKey(key.getLong(), key.getLong());
  }

  private static void make(Path path, RandomGenerator random) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".tmp");
    Files.deleteIfExists(draft);
    var ownersOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    ByteBuffer key =
        ByteBuffer.allocate(BYTES).putLong(random.nextLong()).putLong(random.nextLong());
    try (FileChannel out =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownersOnly)) {
      key.flip();
      while (key.hasRemaining()) {
        out.write(key);
      }
      out.force(true);
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
