package warmfront.edge.cache;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import warmfront.bytes.Memory;
import warmfront.edge.step.CacheKey;
import warmfront.http.Fields;

/**
 * The form of a segment, version 1; all numbers big-endian.
 *
 * <p>A segment is a header of 32 bytes (magic, version, number, checksum), then records. A record
 * is a prefix of 32 bytes (magic, kind, length and checksum of the head, length of the body,
 * checksum of the prefix), the head, the body, and a commit of 16 bytes, written last, that repeats
 * the head's checksum and the record's place. What has no commit was not written.
 */
final class RecordCodec {
  static final int HEADER_BYTES = 32;
  static final int PREFIX_BYTES = 32;
  static final int COMMIT_BYTES = 16;

  /** The longest head: header fields are limited where they are received. */
  static final int HEAD_MAX = 4 << 20;

  private static final long SEGMENT_MAGIC = 0x57_46_43_41_43_48_45_0aL;
  private static final int VERSION = 1;
  private static final int RECORD_MAGIC = 0x57_46_52_63;
  private static final int COMMIT_MAGIC = 0x57_46_43_6d;
  private static final byte OBJECT = 1;
  private static final byte RENEWAL = 2;

  /**
   * The prefix of a record.
   *
   * @param kind object or renewal
   * @param headLength in bytes
   * @param headCrc checksum of the head
   * @param bodyLength in bytes
   */
  record Prefix(byte kind, int headLength, int headCrc, long bodyLength) {
    long recordLength() {
      return PREFIX_BYTES + headLength + bodyLength + COMMIT_BYTES;
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
    if (header.getInt(28) != crc(header.slice(0, 28)) || header.getLong(16) != sequence) {
      throw new BadRecord("a damaged segment header");
    }
  }

  // ---- prefix and commit

  static ByteBuffer prefix(DiskRecord record, byte[] head) {
    byte kind =
        switch (record) {
          case DiskRecord.OfObject _ -> OBJECT;
          case DiskRecord.OfRenewal _ -> RENEWAL;
        };
    long bodyLength =
        switch (record) {
          case DiskRecord.OfObject object -> object.bodyLength();
          case DiskRecord.OfRenewal _ -> 0;
        };
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES);
    prefix.putInt(RECORD_MAGIC).put(kind).put(new byte[3]).putInt(head.length);
    prefix.putInt(crc(ByteBuffer.wrap(head))).putLong(bodyLength).putInt(0);
    prefix.putInt(crc(prefix.duplicate().flip()));
    return prefix.flip();
  }

  static Prefix prefix(ByteBuffer bytes) throws BadRecord {
    if (bytes.getInt(0) != RECORD_MAGIC || bytes.getInt(28) != crc(bytes.slice(0, 28))) {
      throw new BadRecord("no record here");
    }
    Prefix prefix = new Prefix(bytes.get(4), bytes.getInt(8), bytes.getInt(12), bytes.getLong(16));
    if (prefix.headLength() < 0 || prefix.headLength() > HEAD_MAX || prefix.bodyLength() < 0) {
      throw new BadRecord("a record of impossible length");
    }
    return prefix;
  }

  static ByteBuffer commit(int headCrc, long offset) {
    return ByteBuffer.allocate(COMMIT_BYTES)
        .putInt(COMMIT_MAGIC)
        .putInt(headCrc)
        .putLong(offset)
        .flip();
  }

  static void checkCommit(ByteBuffer bytes, Prefix prefix, long offset) throws BadRecord {
    if (!bytes.slice(0, COMMIT_BYTES).equals(commit(prefix.headCrc(), offset))) {
      throw new BadRecord("a record without its commit");
    }
  }

  // ---- head

  static byte[] head(DiskRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeKey(out, record.key());
      writeLabel(out, record.label());
      switch (record) {
        case DiskRecord.OfObject(_, _, List<DiskRecord.Chunk> chunks) -> {
          out.writeInt(chunks.size());
          for (DiskRecord.Chunk chunk : chunks) {
            out.writeInt(chunk.length());
            out.writeInt(chunk.crc());
          }
        }
        case DiskRecord.OfRenewal(_, _, long segment, long offset) -> {
          out.writeLong(segment);
          out.writeLong(offset);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array refuses no bytes", e);
    }
    return bytes.toByteArray();
  }

  private static void writeKey(DataOutputStream out, CacheKey key) throws IOException {
    out.writeLong(key.high());
    out.writeLong(key.low());
    byte[] canonical = key.canonical();
    out.writeInt(canonical.length);
    out.write(canonical);
    writeText(out, key.distributionId(), StandardCharsets.UTF_8);
    writeText(out, key.invalidationPath(), StandardCharsets.UTF_8);
  }

  private static void writeLabel(DataOutputStream out, Label label) throws IOException {
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
      writeText(out, fields.nameAt(i), StandardCharsets.ISO_8859_1);
      writeText(out, fields.valueAt(i), StandardCharsets.ISO_8859_1);
    }
  }

  private static void writeText(DataOutputStream out, String text, Charset charset)
      throws IOException {
    byte[] bytes = text.getBytes(charset);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads a head whose checksum must be {@code prefix}'s. */
  static DiskRecord head(Prefix prefix, ByteBuffer bytes) throws BadRecord {
    if (crc(bytes.duplicate()) != prefix.headCrc()) {
      throw new BadRecord("a damaged head");
    }
    try {
      CacheKey key = readKey(bytes);
      Label label = readLabel(bytes);
      return switch (prefix.kind()) {
        case OBJECT -> readObject(prefix, key, label, bytes);
        case RENEWAL -> new DiskRecord.OfRenewal(key, label, bytes.getLong(), bytes.getLong());
        default -> throw new BadRecord("a record of unknown kind " + prefix.kind());
      };
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new BadRecord("a head that does not add up: " + e);
    }
  }

  private static DiskRecord readObject(Prefix prefix, CacheKey key, Label label, ByteBuffer in)
      throws BadRecord {
    int count = count(in, 8);
    List<DiskRecord.Chunk> chunks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      DiskRecord.Chunk chunk = new DiskRecord.Chunk(in.getInt(), in.getInt());
      if (chunk.length() < 1 || chunk.length() > Memory.SLICE_MAX) {
        throw new BadRecord("a part of %d bytes".formatted(chunk.length()));
      }
      chunks.add(chunk);
    }
    DiskRecord.OfObject object = new DiskRecord.OfObject(key, label, chunks);
    if (object.bodyLength() != prefix.bodyLength()) {
      throw new BadRecord("parts that do not add up to the body");
    }
    return object;
  }

  private static CacheKey readKey(ByteBuffer in) throws BadRecord {
    long high = in.getLong();
    long low = in.getLong();
    byte[] canonical = new byte[count(in, 1)];
    in.get(canonical);
    String distributionId = readText(in, StandardCharsets.UTF_8);
    return new CacheKey(high, low, canonical, distributionId, readText(in, StandardCharsets.UTF_8));
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
    return new Label(status, fields.build(), life, since);
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
