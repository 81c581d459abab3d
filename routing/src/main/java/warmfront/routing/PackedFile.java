package warmfront.routing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was made of a large table, kept for the next start: walking its hundreds of thousands of
 * networks costs a cold JVM seconds, reading this costs it milliseconds. A file that is missing,
 * damaged or of another table is made anew; one that cannot be written is done without. What a
 * build has laid ready beside the table serves as well, so that not even the first start pays.
 */
final class PackedFile<T> {
  private static final Logger LOG = LoggerFactory.getLogger(PackedFile.class);
  private static final int CHECKSUM_BYTES = Long.BYTES;

  /**
   * What is kept, and how.
   *
   * @param name of the file
   * @param version raised whenever the form of the file or the meaning of what it says changes
   */
  record Form<T>(
      String name, int version, Making<T> making, Reading<T> reading, Writing<T> writing) {}

  /** Makes it of a table. */
  interface Making<T> {
    T of(Path table) throws IOException;
  }

  /** Reads what {@link Writing} wrote. */
  interface Reading<T> {
    T from(DataInput in) throws IOException;
  }

  /** Writes it. */
  interface Writing<T> {
    void to(T made, DataOutput out) throws IOException;
  }

  private final Form<T> form;
  private final Path folder;

  /** Keeps it in a folder. */
  PackedFile(Form<T> form, Path folder) {
    this.form = form;
    this.folder = folder;
  }

  /**
   * Returns what is made of a table.
   *
   * @throws IOException if it is not such a table
   */
  T of(Path table) throws IOException {
    long fingerprint = fingerprint(table);
    for (Path file : List.of(table.resolveSibling(form.name()), folder.resolve(form.name()))) {
      Optional<T> kept = read(file, fingerprint);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    T made = form.making().of(table);
    write(fingerprint, made);
    return made;
  }

  private static long fingerprint(Path table) throws IOException {
    CRC32C checksum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel file = FileChannel.open(table)) {
      while (file.read(buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return checksum.getValue();
  }

  private Optional<T> read(Path file, long fingerprint) {
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length - CHECKSUM_BYTES;
      if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != checksum(bytes, length)) {
        throw new IOException("the checksum is wrong");
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
      boolean ours = in.readInt() == form.version() && in.readLong() == fingerprint;
      return ours ? Optional.of(form.reading().from(in)) : Optional.empty();
    } catch (IOException damaged) {
      LOG.warn("{} is made anew: {}", file, damaged.getMessage());
      return Optional.empty();
    }
  }

  private void write(long fingerprint, T made) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(form.version());
      out.writeLong(fingerprint);
      form.writing().to(made, out);
      byte[] content = bytes.toByteArray();
      out.writeLong(checksum(content, content.length));
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, form.name(), ".new");
      Files.write(fresh, bytes.toByteArray());
      Files.move(fresh, folder.resolve(form.name()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException full) {
      LOG.warn(
          "{} is not kept for the next start: {}", folder.resolve(form.name()), full.getMessage());
    }
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }
}
