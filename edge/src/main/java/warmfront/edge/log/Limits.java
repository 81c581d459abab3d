package warmfront.edge.log;

import java.time.Duration;

/**
 * How much access logs may take.
 *
 * @param queuedMax records that wait to be written; one more is dropped
 * @param fileBytesMax bytes of one file before compression; then the next one begins
 * @param openMax files open at a time; the one longest unused is closed for the next
 * @param spoolBytesMax bytes of finished files; then the oldest are deleted
 * @param delivering how files come to buckets
 */
public record Limits(
    int queuedMax, long fileBytesMax, int openMax, long spoolBytesMax, Delivering delivering) {
  /**
   * How files come to buckets.
   *
   * @param after how long a file that goes to a bucket is written to
   * @param retryFirst how long a bucket that failed is not asked; twice as long each time
   * @param retryMost how long at most
   */
  public record Delivering(Duration after, Duration retryFirst, Duration retryMost) {
    /** 5 min; 5 s to 5 min. */
    public static final Delivering STANDARD = after(Duration.ofMinutes(5));

    public Delivering {
      if (after.isNegative() || after.isZero() || retryFirst.isNegative() || retryFirst.isZero()) {
        throw new IllegalArgumentException(
            "times of deliveries are above 0: %s %s".formatted(after, retryFirst));
      }
    }

    /** Returns the usual, with another time after which a file goes. */
    public static Delivering after(Duration after) {
      return new Delivering(after, Duration.ofSeconds(5), Duration.ofMinutes(5));
    }
  }

  /** 65,536 records, 50 MB a file, 256 files, 10 GB. */
  public static Limits standard() {
    return new Limits(65_536, 50L << 20, 256, 10L << 30);
  }

  public Limits {
    if (queuedMax < 1 || fileBytesMax < 1 || openMax < 1 || spoolBytesMax < 0) {
      throw new IllegalArgumentException(
          "limits of logs begin at 1: %d %d %d %d"
              .formatted(queuedMax, fileBytesMax, openMax, spoolBytesMax));
    }
  }

  /** Makes limits with deliveries as they usually are. */
  public Limits(int queuedMax, long fileBytesMax, int openMax, long spoolBytesMax) {
    this(queuedMax, fileBytesMax, openMax, spoolBytesMax, Delivering.STANDARD);
  }

  /** Returns these with other deliveries. */
  public Limits with(Delivering other) {
    return new Limits(queuedMax, fileBytesMax, openMax, spoolBytesMax, other);
  }
}
