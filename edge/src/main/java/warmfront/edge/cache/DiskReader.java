package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.CacheKey;

/** Reads records from disk and verifies them. Thread-safe. */
final class DiskReader {
  /** Prefix, most heads, and small bodies come with one read of this size. */
  private static final int AHEAD = 16 << 10;

  private final SegmentLog log;
  private final MemoryTier memory;

  DiskReader(SegmentLog log, MemoryTier memory) {
    this.log = log;
    this.memory = memory;
  }

  /**
   * A record as it was read.
   *
   * @param prefix its prefix
   * @param head its head, verified by whoever decodes it
   * @param body its bytes, verified, with one pin each for the receiver
   */
  record Raw(RecordCodec.Prefix prefix, ByteBuffer head, List<Slice> body) {
    void release() {
      body.forEach(Slice::release);
    }
  }

  /**
   * A short object.
   *
   * @param head what is written of it
   * @param body its bytes, with one pin each for the receiver
   */
  record Whole(ObjectHead head, List<Slice> body) {}

  /**
   * Reads a short object.
   *
   * @return null if there is no memory for it
   * @throws BadRecord if it is not what was written
   * @throws IOException if the disk fails
   */
  @Nullable Whole object(CacheKey key, Entry entry) throws IOException {
    @Nullable Raw raw = read(entry);
    if (raw == null) {
      return null;
    }
    try {
      return new Whole(headOf(key, raw), raw.body());
    } catch (BadRecord e) {
      raw.release();
      throw e;
    }
  }

  /** Reads the head of an object, or its newer label. */
  ObjectHead head(CacheKey key, Entry entry) throws IOException {
    @Nullable Raw raw = read(entry);
    if (raw == null) {
      throw new BadRecord("a head with a body");
    }
    try {
      return headOf(key, raw);
    } finally {
      raw.release();
    }
  }

  private static ObjectHead headOf(CacheKey key, Raw raw) throws BadRecord {
    ObjectHead head = RecordCodec.objectHead(raw.prefix(), raw.head());
    if (!head.key().equals(key)) {
      throw new BadRecord("the record of another key");
    }
    return head;
  }

  /** Reads a slice of a long object; null if there is no memory for it. */
  @Nullable List<Slice> slice(SliceHead wanted, Entry entry) throws IOException {
    @Nullable Raw raw = read(entry);
    if (raw == null) {
      return null;
    }
    try {
      if (!RecordCodec.sliceHead(raw.prefix(), raw.head()).equals(wanted)) {
        throw new BadRecord("another slice");
      }
      return raw.body();
    } catch (BadRecord e) {
      raw.release();
      throw e;
    }
  }

  private @Nullable Raw read(Entry entry) throws IOException {
    @Nullable Segment segment = log.find(entry.place());
    if (segment == null) {
      throw new BadRecord("a segment that is gone");
    }
    Storage.Handle file = segment.use();
    try {
      return read(file, segment.sequence(), entry);
    } finally {
      segment.done();
    }
  }

  private @Nullable Raw read(Storage.Handle file, long sequence, Entry entry) throws IOException {
    long at = entry.place().offset();
    ByteBuffer ahead = ByteBuffer.allocate(Math.min(entry.length(), AHEAD));
    file.read(ahead, at);
    ahead.flip();
    if (ahead.limit() < RecordCodec.PREFIX_BYTES) {
      throw new BadRecord("no record here");
    }
    RecordCodec.Prefix prefix = RecordCodec.prefix(ahead, Place.of(0, sequence, at));
    if (prefix.recordLength() != entry.length() || prefix.kind() != entry.kind()) {
      throw new BadRecord("another record");
    }
    ahead.position(RecordCodec.PREFIX_BYTES);
    ByteBuffer head = ByteBuffer.allocate(prefix.headLength());
    int there = Math.min(head.remaining(), ahead.remaining());
    head.put(ahead.slice(ahead.position(), there));
    ahead.position(ahead.position() + there);
    file.read(head, at + RecordCodec.PREFIX_BYTES + there);
    @Nullable List<Slice> body = body(file, at + entry.length(), prefix, ahead);
    return body == null ? null : new Raw(prefix, head.flip(), body);
  }

  /** Reads a body that ends at {@code end} and begins with {@code ahead}; null without memory. */
  private @Nullable List<Slice> body(
      Storage.Handle file, long end, RecordCodec.Prefix prefix, ByteBuffer ahead)
      throws IOException {
    List<Slice> slices = new ArrayList<>(1);
    boolean good = false;
    try {
      CRC32C crc = new CRC32C();
      int left = prefix.bodyLength();
      while (left > 0) {
        @Nullable Slice slice = memory.take(left);
        if (slice == null) {
          return null;
        }
        slices.add(slice);
        ByteBuffer target = slice.memory();
        int there = Math.min(target.remaining(), ahead.remaining());
        target.put(ahead.slice(ahead.position(), there));
        ahead.position(ahead.position() + there);
        file.read(target, end - left + there);
        crc.update(slice.buffer());
        left -= slice.length();
      }
      if ((int) crc.getValue() != prefix.bodyCrc()) {
        throw new BadRecord("bytes that do not match their checksum");
      }
      good = true;
      return slices;
    } finally {
      if (!good) {
        slices.forEach(Slice::release);
      }
    }
  }
}
