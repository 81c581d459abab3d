package warmfront.routing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.place.CountryDatabase;

/**
 * What was made of a country database, kept for the next start: walking its 700,000 networks costs
 * a cold JVM seconds, reading this costs it milliseconds. A file that is missing, damaged or of
 * another database is made anew; one that cannot be written is done without. What a build has laid
 * ready beside the database serves as well, so that not even the first start pays.
 */
final class CountryFile {
  private static final Logger LOG = LoggerFactory.getLogger(CountryFile.class);
  private static final String NAME = "countries.ranges";

  /** Raised whenever the form of the file or the meaning of its ranges changes. */
  private static final int VERSION = 1;

  private static final int CHECKSUM_BYTES = Long.BYTES;

  private final Path folder;
  private final List<Path> readable;

  /**
   * Keeps it in a folder.
   *
   * @param beside where it may lie ready, too; nothing is written there
   */
  CountryFile(Path folder, Path beside) {
    this.folder = folder;
    this.readable = List.of(beside.resolve(NAME), folder.resolve(NAME));
  }

  /**
   * Returns the ranges of a database.
   *
   * @throws IOException if it is not a database of countries
   */
  CountryRanges ranges(byte[] database) throws IOException {
    long fingerprint = checksum(database, database.length);
    for (Path file : readable) {
      Optional<CountryRanges> kept = read(file, fingerprint);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    CountryRanges made = CountryRanges.of(CountryDatabase.read(new ByteArrayInputStream(database)));
    write(fingerprint, made);
    return made;
  }

  private static Optional<CountryRanges> read(Path file, long fingerprint) {
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
      boolean ours = in.readInt() == VERSION && in.readLong() == fingerprint;
      return ours ? Optional.of(CountryRanges.read(in)) : Optional.empty();
    } catch (IOException damaged) {
      LOG.warn("{} is made anew: {}", file, damaged.getMessage());
      return Optional.empty();
    }
  }

  private void write(long fingerprint, CountryRanges ranges) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeLong(fingerprint);
      ranges.write(out);
      byte[] content = bytes.toByteArray();
      out.writeLong(checksum(content, content.length));
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, NAME, ".new");
      Files.write(fresh, bytes.toByteArray());
      Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException full) {
      LOG.warn("{} is not kept for the next start: {}", folder.resolve(NAME), full.getMessage());
    }
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }
}
