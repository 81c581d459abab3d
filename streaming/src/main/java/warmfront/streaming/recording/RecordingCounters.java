package warmfront.streaming.recording;

import java.util.Map;

/**
 * What recordings have come to.
 *
 * @param running channels that are recorded now
 * @param written bytes that were recorded since the start
 * @param sent bytes that went to buckets since the start
 * @param objects that were completed since the start
 * @param waiting recordings that are not whole in their buckets
 * @param heldBytes of them on disk
 * @param failures by what they were
 */
public record RecordingCounters(
    long running,
    long written,
    long sent,
    long objects,
    long waiting,
    long heldBytes,
    Map<Failure, Long> failures) {
  /** Why a recording ended early, or did not come to its bucket. */
  public enum Failure {
    /** The disk could not be written to. */
    DISK,
    /** The spool or the disk is full. */
    FULL,
    /** The disk did not keep up. */
    SLOW,
    /** Its codecs are none that a recording can have. */
    CODECS,
    /** The bucket refused, or could not be reached. */
    BUCKET,
    /** What was recorded is gone: the bucket forgot it, or it waited for too long. */
    LOST
  }

  public RecordingCounters {
    failures = Map.copyOf(failures);
  }
}
