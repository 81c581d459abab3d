package warmfront.edge.log;

import java.net.InetAddress;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of a log while it is written: cells with tabs between, in ASCII. Written again and again
 * into the same memory. Not thread-safe.
 */
final class Cells {
  private static final int USUAL_BYTES = 1024;
  private static final int DIGITS_MAX = 20;
  private static final boolean[] AS_IT_IS = asItIs();
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private byte[] row = new byte[USUAL_BYTES];
  private int size;

  /** The second of {@link #moment}, since 1970. */
  private long second = Long.MIN_VALUE;

  private String moment = "";
  private @Nullable InetAddress address;
  private String addressText = "";

  /** Begins the next row. */
  void begin() {
    size = 0;
  }

  /** Ends the row. */
  void end() {
    row[size - 1] = '\n';
  }

  /** Returns the memory of the row, good until the next is written. */
  byte[] bytes() {
    return row;
  }

  /** Returns the row's length in bytes. */
  int length() {
    return size;
  }

  /** Writes date and time, two cells; most rows have those of the row before. */
  void moment(long millis) {
    long now = Math.floorDiv(millis, 1000L);
    if (now != second) {
      second = now;
      LocalDateTime time = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC);
      moment =
          "%s\t%02d:%02d:%02d"
              .formatted(time.toLocalDate(), time.getHour(), time.getMinute(), time.getSecond());
    }
    plain(moment);
  }

  /** Writes an address. */
  @SuppressWarnings("ReferenceEquality") // a connection has one object for all of its requests
  void address(InetAddress viewer) {
    if (viewer != address) {
      address = viewer;
      addressText = viewer.getHostAddress();
    }
    plain(addressText);
  }

  /** Writes a number; a hyphen if it is negative. */
  void numberOrNone(long number) {
    if (number < 0) {
      plain("-");
    } else {
      number(number);
    }
  }

  /** Writes a number from 0 on. */
  void number(long number) {
    room(DIGITS_MAX + 1);
    digits(number);
    row[size++] = '\t';
  }

  private void digits(long number) {
    assert number >= 0 : number;
    int from = size;
    long rest = number;
    do {
      row[size++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    for (int low = from, high = size - 1; low < high; low++, high--) {
      byte digit = row[low];
      row[low] = row[high];
      row[high] = digit;
    }
  }

  /** Writes seconds with three decimals. */
  void seconds(long nanos) {
    long millis = Math.max(0, (nanos + 500_000) / 1_000_000);
    room(DIGITS_MAX + 5);
    digits(millis / 1000);
    row[size++] = '.';
    row[size++] = (byte) ('0' + millis / 100 % 10);
    row[size++] = (byte) ('0' + millis / 10 % 10);
    row[size++] = (byte) ('0' + millis % 10);
    row[size++] = '\t';
  }

  /** Writes what needs no encoding. */
  @SuppressWarnings("deprecation") // exact for ASCII, and copies nothing in between
  void plain(String text) {
    int length = text.length();
    room(length + 1);
    text.getBytes(0, length, row, size);
    size += length;
    row[size++] = '\t';
  }

  /**
   * Writes a text; a hyphen for none. Bytes 0 to 32, from 127 on, and some others are
   * percent-encoded; so a percent sign is, too.
   */
  void text(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      plain("-");
      return;
    }
    int length = text.length();
    room(3 * length + 1);
    byte[] out = row;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < AS_IT_IS.length && AS_IT_IS[c]) {
        out[at++] = (byte) c;
      } else {
        out[at++] = '%';
        out[at++] = HEX[c >> 4 & 15];
        out[at++] = HEX[c & 15];
      }
    }
    out[at++] = '\t';
    size = at;
  }

  /** Appends bytes of a cell that was written before, or what stands between cells. */
  void raw(byte[] from, int start, int end) {
    int length = end - start;
    room(length);
    System.arraycopy(from, start, row, size, length);
    size += length;
  }

  private void room(int needed) {
    if (row.length - size < needed) {
      row = Arrays.copyOf(row, 2 * size + needed);
    }
  }

  private static boolean[] asItIs() {
    boolean[] are = new boolean[127];
    for (char c = 33; c < 127; c++) {
      are[c] = "<>\"#%{}|\\^~[]`'".indexOf(c) < 0;
    }
    return are;
  }
}
