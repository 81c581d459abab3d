package warmfront.streaming.recording;

import java.time.Duration;

/**
 * What recordings may take.
 *
 * @param partBytes of a part of an object; S3 takes 5 MiB and more, and 10,000 parts
 * @param queueBytes that wait to be written, of all channels; beyond, the disk does not keep up
 * @param spoolBytes on disk that are not in a bucket yet, of all recordings
 * @param reserveBytes that are left free on the disk
 * @param longest what an object plays at most; a broadcast that is longer becomes several
 * @param largest bytes of an object, likewise
 * @param retryFirst how long after its first failure a bucket is asked again; each time it takes
 *     twice as long
 * @param retryMost but no longer than this
 * @param keep for how long a bucket is asked, from the recording's beginning
 */
public record RecordingLimits(
    int partBytes,
    long queueBytes,
    long spoolBytes,
    long reserveBytes,
    Duration longest,
    long largest,
    Duration retryFirst,
    Duration retryMost,
    Duration keep) {
  private static final int PARTS_MAX = 10_000;

  /** Returns sane ones: 64 MiB wait, 8 MiB a part, 12 hours or 64 GiB an object, a week. */
  public static RecordingLimits standard(long spoolBytes) {
    return new RecordingLimits(
        8 << 20,
        64 << 20,
        spoolBytes,
        1L << 30,
        Duration.ofHours(12),
        64L << 30,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        Duration.ofDays(7));
  }

  public RecordingLimits {
    if (partBytes <= 0 || largest / partBytes >= PARTS_MAX) {
      throw new IllegalArgumentException("an object has fewer than %d parts".formatted(PARTS_MAX));
    }
  }
}
