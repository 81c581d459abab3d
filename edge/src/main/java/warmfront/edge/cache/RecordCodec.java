package warmfront.edge.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Memory;
import warmfront.edge.step.CacheKey;
import warmfront.http.Fields;

/**
 * The form of a segment, version 3; all numbers big-endian.
 *
 * <p>A segment is a header of 32 bytes (magic, version, number, checksum), then records, then, once
 * it is full or its process has ended, a {@link SegmentTable} of them. A record is a prefix of 56
 * bytes (magic, kind, lengths, what it is found by, its own place, checksums of head and body, of
 * the prefix itself), the head, and the body. Nothing says that a record was written to its end
 * except that all its checksums hold: pages of a file may reach the disk in any order.
 */
final class RecordCodec {
  static final int HEADER_BYTES = 32;
  static final int PREFIX_BYTES = 56;

  /** The longest head: header fields are limited where they are received. */
  static final int HEAD_MAX = 4 << 20;

  static final int VERSION = 3;

  private static final long SEGMENT_MAGIC = 0x57_46_43_41_43_48_45_0aL;
  private static final int RECORD_MAGIC = 0x57_46_52_63;
  private static final int PREFIX_CRC = PREFIX_BYTES - Integer.BYTES;
  private static final int HEADER_CRC = HEADER_BYTES - Integer.BYTES;

  /**
   * The prefix of a record.
   *
   * @param kind what it is
   * @param key what it is found by
   * @param headLength in bytes
   * @param bodyLength in bytes, up to the length of a slice
   * @param headCrc checksum of the head
   * @param bodyCrc checksum of the body
   */
  record Prefix(
      Entry.Kind kind, RecordKey key, int headLength, int bodyLength, int headCrc, int bodyCrc) {
    int recordLength() {
      return PREFIX_BYTES + headLength + bodyLength;
    }
  }

  private RecordCodec() {}

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  // ---- segment

  static ByteBuffer header(long sequence) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(SEGMENT_MAGIC).putInt(VERSION).putInt(0).putLong(sequence).putInt(0);
    header.putInt(crc(header.duplicate().flip()));
    return header.flip();
  }

  static void checkHeader(ByteBuffer header, long sequence) throws BadRecord {
    if (header.getLong(0) != SEGMENT_MAGIC) {
      throw new BadRecord("not a segment of this program");
    }
    if (header.getInt(8) != VERSION) {
      throw new BadRecord("a segment of version %d".formatted(header.getInt(8)));
    }
    if (header.getInt(HEADER_CRC) != crc(header.slice(0, HEADER_CRC))
        || header.getLong(16) != sequence) {
      throw new BadRecord("a damaged segment header");
    }
  }

  // ---- prefix

  /** Puts the prefix of a record that will be at {@code place}, which names no disk. */
  static void putPrefix(ByteBuffer target, Draft draft, Place place) {
    int start = target.position();
    target.putInt(RECORD_MAGIC).put(draft.kind().code()).put(new byte[3]);
    target.putInt(draft.head().remaining()).putInt(draft.bodyLength());
    target.putLong(draft.key().high()).putLong(draft.key().low()).putLong(place.packed());
    target.putInt(crc(draft.head().duplicate())).putInt(draft.bodyCrc()).putInt(0);
    target.putInt(crc(target.slice(start, PREFIX_CRC)));
  }

  /** Reads the prefix of the record at {@code place}, which names no disk. */
  static Prefix prefix(ByteBuffer bytes, Place place) throws BadRecord {
    Entry.@Nullable Kind kind = Entry.Kind.of(bytes.get(4));
    boolean intact =
        bytes.getInt(0) == RECORD_MAGIC
            && bytes.getInt(PREFIX_CRC) == crc(bytes.slice(0, PREFIX_CRC))
            && bytes.getLong(32) == place.packed();
    if (!intact || kind == null) {
      throw new BadRecord("no record here");
    }
    RecordKey key = new RecordKey(bytes.getLong(16), bytes.getLong(24));
    Prefix prefix =
        new Prefix(
            kind, key, bytes.getInt(8), bytes.getInt(12), bytes.getInt(40), bytes.getInt(44));
    if (prefix.headLength() < 0
        || prefix.headLength() > HEAD_MAX
        || prefix.bodyLength() < 0
        || prefix.bodyLength() > Memory.SLICE_MAX) {
      throw new BadRecord("a record of impossible length");
    }
    return prefix;
  }

  // ---- heads

  static ByteBuffer sliceHead(SliceHead head) {
    return ByteBuffer.allocate(16).putLong(head.generation()).putLong(head.number()).flip();
  }

  static SliceHead sliceHead(Prefix prefix, ByteBuffer bytes) throws BadRecord {
    if (crc(bytes.duplicate()) != prefix.headCrc() || bytes.remaining() != 16) {
      throw new BadRecord("a damaged head");
    }
    return new SliceHead(bytes.getLong(), bytes.getLong());
  }

  static ByteBuffer objectHead(ObjectHead head) {
    HeadBytes out = new HeadBytes();
    out.writeLong(head.generation());
    out.writeLong(head.bodyLength());
    writeLabel(out, head.label());
    writeKey(out, head.key());
    return out.buffer();
  }

  private static void writeKey(HeadBytes out, CacheKey key) {
    out.writeLong(key.high());
    out.writeLong(key.low());
    byte[] canonical = key.canonical();
    out.writeInt(canonical.length);
    out.write(canonical);
    out.writeText(key.owner());
    out.writeText(key.invalidationPath());
  }

  private static void writeLabel(HeadBytes out, Label label) {
    out.writeInt(label.status());
    Life life = label.life();
    out.writeLong(life.born());
    out.writeLong(life.ageThen());
    out.writeLong(life.freshUntil());
    out.writeLong(life.backgroundUntil());
    out.writeLong(life.excusableUntil());
    out.writeLong(label.since().epoch());
    out.writeLong(label.since().revision());
    Fields fields = label.fields();
    out.writeInt(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      out.writeOfField(fields.nameAt(i));
      out.writeOfField(fields.valueAt(i));
    }
    Tags tags = label.tags();
    out.writeInt(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      out.writeLong(tags.hashAt(i));
    }
  }

  /** Reads a head whose checksum must be {@code prefix}'s. */
  static ObjectHead objectHead(Prefix prefix, ByteBuffer bytes) throws BadRecord {
    if (crc(bytes.duplicate()) != prefix.headCrc()) {
      throw new BadRecord("a damaged head");
    }
    try {
      long generation = bytes.getLong();
      long bodyLength = bytes.getLong();
      Label label = readLabel(bytes);
      ObjectHead head = new ObjectHead(readKey(bytes), label, generation, bodyLength);
      boolean adds =
          prefix.kind() == Entry.Kind.OBJECT
              ? bodyLength == prefix.bodyLength()
              : bodyLength >= 0 && prefix.bodyLength() == 0;
      if (!adds) {
        throw new BadRecord("a body of %d bytes".formatted(bodyLength));
      }
      return head;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new BadRecord("a head that does not add up: " + e);
    }
  }

  private static CacheKey readKey(ByteBuffer in) throws BadRecord {
    long high = in.getLong();
    long low = in.getLong();
    byte[] canonical = new byte[count(in, 1)];
    in.get(canonical);
    String owner = readText(in, StandardCharsets.UTF_8);
    return new CacheKey(high, low, canonical, owner, readText(in, StandardCharsets.UTF_8));
  }

  private static Label readLabel(ByteBuffer in) throws BadRecord {
    int status = in.getInt();
    Life life = new Life(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    Since since = new Since(in.getLong(), in.getLong());
    Fields.Builder fields = Fields.builder();
    for (int left = count(in, 8); left > 0; left--) {
      String name = readText(in, StandardCharsets.ISO_8859_1);
      fields.add(name, readText(in, StandardCharsets.ISO_8859_1));
    }
    int tags = count(in, Long.BYTES);
    if (tags > Tags.MAX) {
      throw new BadRecord("an object of %d tags".formatted(tags));
    }
    return new Label(
        status,
        fields.build(),
        life,
        since,
        Tags.of(LongStream.range(0, tags).map(_ -> in.getLong())));
  }

  private static String readText(ByteBuffer in, Charset charset) throws BadRecord {
    byte[] bytes = new byte[count(in, 1)];
    in.get(bytes);
    return new String(bytes, charset);
  }

  /** Reads how many things of at least {@code size} bytes follow. */
  private static int count(ByteBuffer in, int size) throws BadRecord {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / size) {
      throw new BadRecord("a count beyond the head: " + count);
    }
    return count;
  }
}
