package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads what a segment holds, record by record, without the bodies. The checksums of bodies are
 * compared when they are read for a viewer.
 */
final class SegmentScan {
  /** Prefix and most heads come with one read of this size. */
  private static final int READ_AHEAD = 4096;

  /** Takes what is found. */
  interface Found {
    /** Takes a record that begins at {@code offset} and ends before {@code end}. */
    void record(DiskRecord record, long offset, long end);
  }

  /**
   * Where a scan ended.
   *
   * @param end after the last good record
   * @param torn whether bytes follow that are no record
   */
  record Result(long end, boolean torn) {}

  private final Storage.Handle file;
  private final long size;
  private final ByteBuffer ahead = ByteBuffer.allocate(READ_AHEAD);

  SegmentScan(Storage.Handle file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  /**
   * Reads all records.
   *
   * @throws BadRecord if the file is no segment of this version and number
   * @throws IOException if the disk fails
   */
  Result run(long sequence, Found found) throws IOException {
    if (size < RecordCodec.HEADER_BYTES) {
      throw new BadRecord("a segment of %d bytes".formatted(size));
    }
    RecordCodec.checkHeader(read(0, RecordCodec.HEADER_BYTES), sequence);
    long at = RecordCodec.HEADER_BYTES;
    while (at < size) {
      long end = next(at, found);
      if (end < 0) {
        return new Result(at, true);
      }
      at = end;
    }
    return new Result(at, false);
  }

  /** Reads the record at {@code at}; returns where it ends, or -1 if there is none. */
  private long next(long at, Found found) throws IOException {
    try {
      if (size - at < RecordCodec.PREFIX_BYTES) {
        return -1;
      }
      RecordCodec.Prefix prefix =
          RecordCodec.prefix(read(at, (int) Math.min(READ_AHEAD, size - at)));
      if (prefix.recordLength() > size - at) {
        return -1;
      }
      DiskRecord record = RecordCodec.head(prefix, headAt(at, prefix.headLength()));
      long end = at + prefix.recordLength();
      long commit = end - RecordCodec.COMMIT_BYTES;
      RecordCodec.checkCommit(read(commit, RecordCodec.COMMIT_BYTES), prefix, at);
      found.record(record, at, end);
      return end;
    } catch (BadRecord e) {
      return -1;
    }
  }

  private ByteBuffer headAt(long at, int length) throws IOException {
    int from = RecordCodec.PREFIX_BYTES;
    if (from + length <= ahead.limit()) {
      return ahead.slice(from, length);
    }
    ByteBuffer head = ByteBuffer.allocate(length);
    file.read(head, at + from);
    return head.flip();
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ahead.clear().limit(length);
    file.read(ahead, at);
    return ahead.flip();
  }
}
