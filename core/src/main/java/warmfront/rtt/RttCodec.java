package warmfront.rtt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The load and the rows of a report as bytes, about a dozen for each row: a version, the load as a
 * float, then for IPv4 and IPv6 in turn the number of rows and the rows in ascending order of their
 * ranges. A row is the distance from the range before, the samples, the mean in 1/65535 of the
 * greatest logarithm, the squares as a float, the minimum. Whole numbers are little-endian base 128
 * varints; load, mean and squares have their fixed length, big-endian.
 *
 * <p>The mean is rounded to 0.01 % of the time it stands for, which no measurement tells apart.
 */
public final class RttCodec {
  /** Most bytes of a report: below what a word of a server may have (1 MiB). */
  public static final int BYTES_MAX = 640 << 10;

  private static final byte VERSION = 2;
  private static final double LOG_MAX = Math.log(Measured.MICROS_MAX);
  private static final int MEAN_STEPS = 0xFFFF;
  private static final int ROW_BYTES_MAX = 7 + 5 + Short.BYTES + Float.BYTES + 3;
  private static final int HEAD_BYTES_MAX = 1 + Float.BYTES + 2 * 5;
  private static final int ROW_BYTES_MIN = 1 + 1 + Short.BYTES + Float.BYTES + 1;

  private RttCodec() {}

  /**
   * Writes what a report says, but not who says it.
   *
   * @throws IllegalArgumentException if a range has two rows
   */
  public static byte[] encode(RttReport report) {
    List<Measured> rows = report.rows();
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES_MAX + rows.size() * ROW_BYTES_MAX);
    out.put(VERSION).putFloat((float) report.loadGbps());
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
   * Reads what a server sent.
   *
   * @param serverId the server's, as it is known of it
   * @param location the code of its location, as it is known of it
   * @throws IllegalArgumentException if it is not what {@link #encode} writes; says why
   */
  public static RttReport decode(String serverId, String location, ByteBuffer bytes) {
    ByteBuffer in = bytes.slice();
    try {
      if (in.remaining() > BYTES_MAX || in.get() != VERSION) {
        throw new IllegalArgumentException("not a report of version " + VERSION);
      }
      double loadGbps = in.getFloat();
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
      return new RttReport(serverId, location, loadGbps, rows);
    } catch (BufferUnderflowException _) {
      throw new IllegalArgumentException("a report that ends early");
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
