package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a segment holds, as it stands behind its last record: an entry of 48 bytes for each, and a
 * trailer of 48 (magic, version, number of entries, checksums, where the records end, the segment's
 * number). A start reads these tables and no records. One that is missing, torn or of another
 * segment is made again from the records.
 */
final class SegmentTable {
  private static final int ENTRY_BYTES = 48;
  private static final int TRAILER_BYTES = 48;
  private static final long MAGIC = 0x57_46_54_41_42_4c_45_0aL;
  private static final int TRAILER_CRC = TRAILER_BYTES - Integer.BYTES;
  private static final int LENGTH_AT = 36;
  private static final int FRESH_AT = 40;

  /** Enough to know a tenth from two. */
  private static final int SAMPLE_MAX = 1000;

  private static final int FIRST_BYTES = 64 * ENTRY_BYTES;

  /** Takes what is in a table. */
  interface Taker {
    /** Takes a record's key and entry, whose place names no disk. */
    void take(RecordKey key, Entry entry);
  }

  private ByteBuffer entries = ByteBuffer.allocate(FIRST_BYTES);

  /** Notes a record, whose place names no disk. */
  void add(RecordKey key, Entry entry) {
    if (entries.remaining() < ENTRY_BYTES) {
      entries = ByteBuffer.allocate(2 * entries.capacity()).put(entries.flip());
    }
    entries.putLong(key.high()).putLong(key.low()).putLong(entry.place().packed());
    entries.putLong(entry.since().revision()).putInt((int) entry.since().epoch());
    entries.putInt(entry.length()).putInt(entry.freshUntil());
    entries.put(entry.kind().code()).put(new byte[3]);
  }

  int size() {
    return entries.position() / ENTRY_BYTES;
  }

  /** Returns the number of bytes that it takes in its segment. */
  int bytes() {
    return entries.position() + TRAILER_BYTES;
  }

  /** Returns when its records expire, as a sample of them has it. */
  Expiry expiry() {
    int step = size() / SAMPLE_MAX + 1;
    long[] sample = new long[(size() + step - 1) / step];
    for (int i = 0; i < sample.length; i++) {
      int at = i * step * ENTRY_BYTES;
      sample[i] =
          Integer.toUnsignedLong(entries.getInt(at + FRESH_AT)) << Integer.SIZE
              | entries.getInt(at + LENGTH_AT);
    }
    return Expiry.of(sample);
  }

  /** Gives all entries, newest first. */
  void forEach(Taker taker) {
    ByteBuffer in = entries.duplicate();
    for (int at = entries.position() - ENTRY_BYTES; at >= 0; at -= ENTRY_BYTES) {
      in.limit(at + ENTRY_BYTES).position(at);
      RecordKey key = new RecordKey(in.getLong(), in.getLong());
      Place place = new Place(in.getLong());
      long revision = in.getLong();
      Since since = new Since(in.getInt(), revision);
      int length = in.getInt();
      int freshUntil = in.getInt();
      Entry.@Nullable Kind kind = Entry.Kind.of(in.get());
      if (kind != null) {
        taker.take(key, new Entry(place, length, kind, since, freshUntil));
      }
    }
  }

  /**
   * Returns its form.
   *
   * @param recordsEnd where the records end
   * @param sequence the segment's number
   */
  ByteBuffer encoded(long recordsEnd, long sequence) {
    ByteBuffer all = ByteBuffer.allocate(bytes());
    all.put(entries.duplicate().flip());
    int trailer = all.position();
    all.putLong(MAGIC).putInt(RecordCodec.VERSION).putInt(size());
    all.putInt(RecordCodec.crc(all.slice(0, trailer))).putInt(0);
    all.putLong(recordsEnd).putLong(sequence).putInt(0);
    all.putInt(RecordCodec.crc(all.slice(trailer, TRAILER_CRC)));
    return all.flip();
  }

  /**
   * A table that was read.
   *
   * @param table what is in it
   * @param recordsEnd where the records end
   */
  record Read(SegmentTable table, long recordsEnd) {}

  /** Reads the table at the end of a segment; null if there is none that is intact. */
  static @Nullable Read read(Storage.Handle file, long sequence) throws IOException {
    long size = file.size();
    if (size < RecordCodec.HEADER_BYTES + TRAILER_BYTES) {
      return null;
    }
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
    file.read(trailer, size - TRAILER_BYTES);
    trailer.flip();
    boolean intact =
        trailer.getLong(0) == MAGIC
            && trailer.getInt(8) == RecordCodec.VERSION
            && trailer.getInt(TRAILER_CRC) == RecordCodec.crc(trailer.slice(0, TRAILER_CRC))
            && trailer.getLong(32) == sequence;
    long bytes = (long) trailer.getInt(12) * ENTRY_BYTES;
    long recordsEnd = trailer.getLong(24);
    if (!intact || recordsEnd + bytes + TRAILER_BYTES != size) {
      return null;
    }
    SegmentTable table = new SegmentTable();
    table.entries = ByteBuffer.allocate(Math.toIntExact(Math.max(bytes, FIRST_BYTES)));
    table.entries.limit((int) bytes);
    file.read(table.entries, recordsEnd);
    if (RecordCodec.crc(table.entries.duplicate().flip()) != trailer.getInt(16)) {
      return null;
    }
    table.entries.limit(table.entries.capacity());
    return new Read(table, recordsEnd);
  }
}
