package warmfront.edge.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to be written, as they will stand in the files. Those after one another that go
 * into the same file are a run. Not thread-safe.
 */
final class Rows {
  /** So many bytes are handed to the writer at a time. */
  static final int BYTES = 65_536;

  private static final long HOUR_MILLIS = 3_600_000;

  /** Rows that go into one file. */
  static final class Run {
    private final Series series;
    private final long hour;
    private final int from;
    private int to;
    private int count;

    private Run(Series series, long hour, int from) {
      this.series = series;
      this.hour = hour;
      this.from = from;
      to = from;
    }

    Series series() {
      return series;
    }

    /** Returns the hour in which the requests were finished. */
    Instant hour() {
      return Instant.EPOCH.plus(hour, ChronoUnit.HOURS);
    }

    /** Returns where it begins in {@link Rows#bytes}. */
    int from() {
      return from;
    }

    /** Returns where it ends there. */
    int to() {
      return to;
    }

    /** Returns the number of rows. */
    int count() {
      return count;
    }
  }

  private final List<Run> runs = new ArrayList<>();
  private byte[] bytes = new byte[BYTES];
  private int size;
  private int count;

  /** Returns whether a row of this length has room; an empty batch has room for any. */
  boolean hasRoom(int length) {
    return size == 0 || bytes.length - size >= length;
  }

  /**
   * Adds a row.
   *
   * @param millis when the request was finished, since 1970
   */
  void add(Series series, long millis, Cells line) {
    if (bytes.length - size < line.length()) {
      bytes = Arrays.copyOf(bytes, size + line.length());
    }
    long hour = Math.floorDiv(millis, HOUR_MILLIS);
    @Nullable Run run = runs.isEmpty() ? null : runs.getLast();
    if (run == null || run.hour != hour || !run.series.equals(series)) {
      run = new Run(series, hour, size);
      runs.add(run);
    }
    System.arraycopy(line.bytes(), 0, bytes, size, line.length());
    size += line.length();
    run.to = size;
    run.count++;
    count++;
  }

  /** Returns the number of rows. */
  int count() {
    return count;
  }

  List<Run> runs() {
    return runs;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Forgets all rows. */
  void clear() {
    runs.clear();
    size = 0;
    count = 0;
    if (bytes.length > BYTES) {
      bytes = new byte[BYTES];
    }
  }
}
