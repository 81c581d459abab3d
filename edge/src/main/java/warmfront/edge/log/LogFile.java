package warmfront.edge.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * One access log while it is written: plain text that can be followed; compressed when it is
 * finished, by a {@link Compressor}. Belongs to the journal's thread.
 */
final class LogFile {
  /** The end of the name while it is written. */
  static final String OPEN = ".log";

  /** The end of the name when it is finished. */
  static final String FINISHED = ".gz";

  /** The end of the name of what is half compressed. */
  static final String HALF = ".tmp";

  private final Path path;
  private final Instant begun;
  private final OutputStream out;
  private long bytes;

  /** Makes the file in a folder that is there, and writes the header. */
  LogFile(Path path, Form form, Instant begun) throws IOException {
    this.path = path;
    this.begun = begun;
    out =
        new BufferedOutputStream(
            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    byte[] header = form.header();
    write(header, 0, header.length);
  }

  /** Writes rows. */
  void write(byte[] rows, int from, int to) throws IOException {
    out.write(rows, from, to - from);
    bytes += to - from;
  }

  /** Lets others see what was written. */
  void flush() throws IOException {
    out.flush();
  }

  /** Returns when it was made. */
  Instant begun() {
    return begun;
  }

  /** Returns the bytes written, before compression. */
  long bytes() {
    return bytes;
  }

  /** Ends it; returns what is to be compressed. */
  Path finish() throws IOException {
    out.close();
    return path;
  }

  /** Ends it after a failure; what there is of it is compressed at the next start. */
  void abandon() {
    try {
      out.close();
    } catch (IOException e) {
      // The failure that led here was counted; that closing fails too says nothing new.
    }
  }

  /** Puts a compressed file in the place of one that is not; returns that. */
  static Path compress(Path open) throws IOException {
    String name = open.getFileName().toString();
    String stem = name.substring(0, name.length() - OPEN.length());
    Path copy = open.resolveSibling(stem + HALF);
    try (InputStream in = Files.newInputStream(open);
        OutputStream zip = new GZIPOutputStream(Files.newOutputStream(copy), 65_536)) {
      in.transferTo(zip);
    }
    Path finished = open.resolveSibling(stem + FINISHED);
    Files.move(copy, finished, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(open); // unless it had to make room meanwhile
    return finished;
  }
}
