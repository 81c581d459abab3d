package warmfront.edge.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The files of one disk, as the cache uses them: everything that a disk can refuse. */
interface Storage {
  /** Returns the names of all files. */
  List<String> names() throws IOException;

  /** Returns the length of a file, in bytes. */
  long size(String name) throws IOException;

  /** Opens a file for reading and writing, making it if it is not there. */
  Handle open(String name) throws IOException;

  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  /** Returns how many bytes are free for us on the file system. */
  long usableBytes() throws IOException;

  /** An open file. Reads may run beside each other and beside one write. */
  interface Handle extends Closeable {
    long size() throws IOException;

    /** Fills the rest of {@code target}; an end of file before that is an error. */
    void read(ByteBuffer target, long at) throws IOException;

    /** Writes all of {@code source}. */
    void write(ByteBuffer source, long at) throws IOException;

    void truncate(long size) throws IOException;

    /** Returns when everything written is on the disk. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
