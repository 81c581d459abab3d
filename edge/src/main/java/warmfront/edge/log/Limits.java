package warmfront.edge.log;

/**
 * How much access logs may take.
 *
 * @param queuedMax records that wait to be written; one more is dropped
 * @param fileBytesMax bytes of one file before compression; then the next one begins
 * @param openMax files open at a time; the one longest unused is closed for the next
 * @param spoolBytesMax bytes of finished files; then the oldest are deleted
 */
public record Limits(int queuedMax, long fileBytesMax, int openMax, long spoolBytesMax) {
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
}
