package warmfront.rtt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of a report as bytes, about a dozen for each: a version, then for IPv4 and IPv6 in turn
 * the number of rows and the rows in ascending order of their ranges. A row is the distance from
 * the range before, the samples, the mean in 1/65535 of the greatest logarithm, the squares as a
 * float, the minimum. Whole numbers are little-endian base 128 varints; the mean and the squares
 * have their fixed length, big-endian.
 *
 * <p>The mean is rounded to 0.01 % of the time it stands for, which no measurement tells apart.
 */
public final class RttCodec {
  /** Most bytes of a report's rows: below what a word of a server may have (1 MiB). */
  public static final int BYTES_MAX = 640 << 10;

  private static final byte VERSION = 1;
  private static final double LOG_MAX = Math.log(Measured.MICROS_MAX);
  private static final int MEAN_STEPS = 0xFFFF;
  private static final int ROW_BYTES_MAX = 7 + 5 + Short.BYTES + Float.BYTES + 3;
  private static final int HEAD_BYTES_MAX = 1 + 2 * 5;
  private static final int ROW_BYTES_MIN = 1 + 1 + Short.BYTES + Float.BYTES + 1;

  private RttCodec() {}

  /**
   * Writes rows.
   *
   * @throws IllegalArgumentException if a range has two rows, or there are more than {@link
   *     RttReport#ROWS_MAX}
   */
  public static byte[] encode(List<Measured> rows) {
    if (rows.size() > RttReport.ROWS_MAX) {
      throw new IllegalArgumentException("too many rows: " + rows.size());
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES_MAX + rows.size() * ROW_BYTES_MAX);
    out.put(VERSION);
    for (Family family : Family.values()) {
      List<Measured> own =
          rows.stream()
              .filter(row -> row.viewers().family() == family)
              .sorted(Comparator.comparingLong(RttCodec::range))
              .toList();
      putVarint(out, own.size());
      long before = -1;
      for (Measured row : own) {
        put(out, row, before);
        before = range(row);
      }
    }
    byte[] exact = new byte[out.flip().remaining()];
    out.get(exact);
    return exact;
  }

  /**
   * Reads rows that a server sent.
   *
   * @throws IllegalArgumentException if they are not what {@link #encode} writes; says why
   */
  public static List<Measured> decode(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice();
    try {
      if (in.remaining() > BYTES_MAX || in.get() != VERSION) {
        throw new IllegalArgumentException("not rows of version " + VERSION);
      }
      List<Measured> rows = new ArrayList<>();
      for (Family family : Family.values()) {
        long count = varint(in);
        if (count > RttReport.ROWS_MAX - rows.size() || count * ROW_BYTES_MIN > in.remaining()) {
          throw new IllegalArgumentException("more rows than a report has: " + count);
        }
        long range = -1;
        for (long i = 0; i < count; i++) {
          range = range(family, range, varint(in));
          rows.add(row(in, family, range));
        }
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("bytes after the last row: " + in.remaining());
      }
      return List.copyOf(rows);
    } catch (BufferUnderflowException _) {
      throw new IllegalArgumentException("rows that end early");
    }
  }

  private static long range(Measured row) {
    return row.viewers().bits() >>> (Long.SIZE - row.viewers().length());
  }

  private static long range(Family family, long before, long distance) {
    long last = (1L << family.measuredLength()) - 1;
    if (distance < 1 || distance > last - before) {
      throw new IllegalArgumentException("a range that does not follow: " + distance);
    }
    return before + distance;
  }

  private static void put(ByteBuffer out, Measured row, long before) {
    if (range(row) == before) {
      throw new IllegalArgumentException("two rows of " + row.viewers());
    }
    putVarint(out, range(row) - before);
    putVarint(out, row.samples());
    out.putShort((short) Math.round(row.meanLog() / LOG_MAX * MEAN_STEPS));
    out.putFloat((float) row.squares());
    putVarint(out, row.minMicros());
  }

  private static Measured row(ByteBuffer in, Family family, long range) {
    Prefix viewers =
        new Prefix(family, range << (Long.SIZE - family.measuredLength()), family.measuredLength());
    int samples = whole(in);
    double meanLog = Short.toUnsignedInt(in.getShort()) * LOG_MAX / MEAN_STEPS;
    return new Measured(viewers, samples, meanLog, in.getFloat(), whole(in));
  }

  private static int whole(ByteBuffer in) {
    long value = varint(in);
    if (value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("too great a number: " + value);
    }
    return (int) value;
  }

  private static void putVarint(ByteBuffer out, long value) {
    long left = value;
    while (left >= 0x80) {
      out.put((byte) (left | 0x80));
      left >>>= 7;
    }
    out.put((byte) left);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number that does not end");
  }
}
