package warmfront.edge.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * One access log while it is written: plain text that can be followed; compressed when it is
 * finished. Belongs to the journal's thread.
 */
final class LogFile {
  /** The end of the name while it is written. */
  static final String OPEN = ".log";

  /** The end of the name when it is finished. */
  static final String FINISHED = ".gz";

  private static final String UNFINISHED_COPY = ".tmp";

  private final Path path;
  private final OutputStream out;
  private long bytes;

  /** Makes the file and writes the header. */
  LogFile(Path path) throws IOException {
    this.path = path;
    Files.createDirectories(path.getParent());
    out =
        new BufferedOutputStream(
            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    write(Line.HEADER.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes a row. */
  void write(byte[] row) throws IOException {
    out.write(row);
    bytes += row.length;
  }

  /** Lets others see what was written. */
  void flush() throws IOException {
    out.flush();
  }

  /** Returns the bytes written, before compression. */
  long bytes() {
    return bytes;
  }

  /** Ends and compresses it. */
  void finish() throws IOException {
    out.close();
    compress(path);
  }

  /** Ends it after a failure; what there is of it is compressed at the next start. */
  void abandon() {
    try {
      out.close();
    } catch (IOException e) {
      // The failure that led here was counted; that closing fails too says nothing new.
    }
  }

  /** Puts the finished file in the place of one that was left open. */
  static void compress(Path open) throws IOException {
    String name = open.getFileName().toString();
    String stem = name.substring(0, name.length() - OPEN.length());
    Path copy = open.resolveSibling(stem + UNFINISHED_COPY);
    try (InputStream in = Files.newInputStream(open);
        OutputStream zip = new GZIPOutputStream(Files.newOutputStream(copy), 65_536)) {
      in.transferTo(zip);
    }
    Files.move(copy, open.resolveSibling(stem + FINISHED), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(open);
  }
}
