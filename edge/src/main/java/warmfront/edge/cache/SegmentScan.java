package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads what a segment without a table holds, record by record, without the bodies. The checksums
 * of bodies are compared when they are read for a viewer.
 */
final class SegmentScan {
  /** Read at a time: many small records, and the head of a long one. */
  private static final int WINDOW = 256 << 10;

  /**
   * Where a scan ended.
   *
   * @param table what was found
   * @param end after the last good record
   * @param torn whether bytes follow that are no record
   */
  record Result(SegmentTable table, long end, boolean torn) {}

  private final Storage.Handle file;
  private final long sequence;
  private final long size;
  private final SegmentTable table = new SegmentTable();
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowAt;

  SegmentScan(Storage.Handle file, long sequence) throws IOException {
    this.file = file;
    this.sequence = sequence;
    this.size = file.size();
  }

  /**
   * Reads all records.
   *
   * @throws IOException if the disk fails
   */
  Result run() throws IOException {
    long at = RecordCodec.HEADER_BYTES;
    while (at < size) {
      long end = next(at);
      if (end < 0) {
        return new Result(table, at, true);
      }
      at = end;
    }
    return new Result(table, at, false);
  }

  /** Reads the record at {@code at}; returns where it ends, or -1 if there is none. */
  private long next(long at) throws IOException {
    if (size - at < RecordCodec.PREFIX_BYTES) {
      return -1;
    }
    try {
      Place place = Place.of(0, sequence, at);
      RecordCodec.Prefix prefix = RecordCodec.prefix(read(at, RecordCodec.PREFIX_BYTES), place);
      long end = at + prefix.recordLength();
      if (end > size) {
        return -1;
      }
      ByteBuffer head = read(at + RecordCodec.PREFIX_BYTES, prefix.headLength());
      Since since = new Since(0, 0);
      int freshUntil = -1; // a slice does not say: it goes when it is old
      if (prefix.kind() == Entry.Kind.SLICE) {
        RecordCodec.sliceHead(prefix, head);
      } else {
        Label label = RecordCodec.objectHead(prefix, head).label();
        since = label.since();
        freshUntil = label.life().freshUntilSeconds();
      }
      table.add(
          prefix.key(), new Entry(place, prefix.recordLength(), prefix.kind(), since, freshUntil));
      return end;
    } catch (BadRecord e) {
      return -1;
    }
  }

  /** Returns so many bytes, which are there. */
  private ByteBuffer read(long at, int length) throws IOException {
    if (at < windowAt || at + length > windowAt + window.limit()) {
      window = ByteBuffer.allocate((int) Math.min(Math.max(length, WINDOW), size - at));
      file.read(window, at);
      window.flip();
      windowAt = at;
    }
    return window.slice((int) (at - windowAt), length);
  }
}
