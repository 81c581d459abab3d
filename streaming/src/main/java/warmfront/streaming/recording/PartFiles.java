package warmfront.streaming.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file in parts of equal length, each of which is a file of its own, so that those that are
 * needed no more can go. Written by one thread at a time; parts that are complete are read by any.
 */
final class PartFiles {
  private final Path folder;
  private final int partBytes;
  private @Nullable FileChannel open;
  private int openNumber;

  PartFiles(Path folder, int partBytes) {
    this.folder = folder;
    this.partBytes = partBytes;
  }

  private Path path(int number) {
    return folder.resolve("%05d.part".formatted(number));
  }

  /** Returns the number of the part that has a byte. */
  private int number(long at) {
    return (int) (at / partBytes) + 1;
  }

  /**
   * Writes bytes; parts that become complete are on the disk for good.
   *
   * @param at where in the whole file
   * @return whether one became complete
   */
  boolean write(long at, ByteBuffer bytes) throws IOException {
    boolean completes = false;
    long position = at;
    while (bytes.hasRemaining()) {
      int within = (int) (position % partBytes);
      int length = Math.min(bytes.remaining(), partBytes - within);
      FileChannel file = open(number(position));
      ByteBuffer piece = bytes.slice(bytes.position(), length);
      while (piece.hasRemaining()) {
        int _ = file.write(piece, within + piece.position());
      }
      bytes.position(bytes.position() + length);
      position += length;
      if (within + length == partBytes) {
        file.force(true);
        close();
        completes = true;
      }
    }
    return completes;
  }

  private FileChannel open(int number) throws IOException {
    @Nullable FileChannel known = open;
    if (known != null && openNumber == number) {
      return known;
    }
    close();
    FileChannel opened =
        FileChannel.open(path(number), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    open = opened;
    openNumber = number;
    return opened;
  }

  /** Writes what has been written to the disk, and lets go of it. */
  void close() throws IOException {
    @Nullable FileChannel known = open;
    open = null;
    if (known != null) {
      try (known) {
        known.force(true);
      }
    }
  }

  /** Cuts the whole file off; parts before that stay as they are. */
  void cut(long at) throws IOException {
    close();
    int last = number(at);
    for (int number = last + 1; Files.deleteIfExists(path(number)); number++) {}
    if (at % partBytes == 0) {
      Files.deleteIfExists(path(last));
    } else if (Files.exists(path(last))) {
      try (FileChannel file = FileChannel.open(path(last), StandardOpenOption.WRITE)) {
        var _ = file.truncate(at % partBytes);
      }
    }
  }

  /** Returns the bytes of a part that are on the disk. */
  long length(int number) throws IOException {
    return Files.exists(path(number)) ? Files.size(path(number)) : 0;
  }

  /** Returns a part. */
  byte[] read(int number) throws IOException {
    return Files.readAllBytes(path(number));
  }

  /** Forgets a part. */
  void delete(int number) throws IOException {
    Files.deleteIfExists(path(number));
  }
}
