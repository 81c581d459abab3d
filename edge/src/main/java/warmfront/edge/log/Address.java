package warmfront.edge.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.signing.Message;

/**
 * Where files go. It is noted beside them, so that a file goes where it was to go when its requests
 * were made, whatever has been changed since.
 *
 * @param bucket the bucket's domain name
 * @param path begins the objects' names; {@code {yyyy}}, {@code {MM}}, {@code {dd}} and {@code
 *     {HH}} stand for the hour of the requests
 */
record Address(String bucket, String path) {
  private static final String NOTE = "address";

  /** Between a distribution's id and what tells folders of other addresses apart. */
  private static final char MARK = '~';

  private static final int HASH_CHARS = 16;

  /** Returns where a distribution's own log goes; a slash behind the prefix is added. */
  static Address of(Distribution.Logging logging) {
    String prefix = logging.prefix();
    boolean whole = prefix.isEmpty() || prefix.endsWith("/");
    return new Address(logging.bucket(), whole ? prefix : prefix + "/");
  }

  /** Returns the name of the folder for files of a distribution that go here. */
  String folder(String distribution) {
    return distribution + MARK + Message.hash(note()).substring(0, HASH_CHARS);
  }

  /** Returns whether a file is in a folder of files that go somewhere. */
  static boolean isOf(Path file) {
    @Nullable Path folder = file.getParent();
    return folder != null && folder.getFileName().toString().indexOf(MARK) >= 0;
  }

  /** Notes it in a folder, where it may be noted already. */
  void leave(Path folder) throws IOException {
    Path note = folder.resolve(NOTE);
    if (!Files.exists(note)) {
      Path half = folder.resolve(NOTE + LogFile.HALF);
      Files.write(half, note());
      Files.move(half, note, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private byte[] note() {
    return (bucket + "\n" + path + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns what is noted in a file's folder; empty if nothing is. */
  static Optional<Address> noted(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file.resolveSibling(NOTE));
      return lines.size() == 2
          ? Optional.of(new Address(lines.getFirst(), lines.getLast()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns the name of the object that a file becomes. */
  String key(Path file) {
    String name = file.getFileName().toString();
    String[] hour = name.split("\\.", 3)[1].split("-", -1);
    return path.replace("{yyyy}", hour[0])
            .replace("{MM}", hour[1])
            .replace("{dd}", hour[2])
            .replace("{HH}", hour[3])
        + name;
  }
}
