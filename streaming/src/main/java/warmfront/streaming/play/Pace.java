package warmfront.streaming.play;

/**
 * How far media may be sent: as far ahead of its time as the client buffers, and a leeway; less if
 * that were too many bytes. Time stands still while it is paused.
 */
final class Pace {
  private final PlayLimits.Ahead limits;
  private long origin;
  private long startNanos;
  private long pausedNanos = -1;
  private long sentBytes;
  private long sentMillis;

  Pace(PlayLimits.Ahead limits) {
    this.limits = limits;
  }

  /** Begins at a time of the medium, in milliseconds; a pause stays one. */
  void begin(long millis, long nanos) {
    origin = millis;
    startNanos = nanos;
    pausedNanos = pausedNanos < 0 ? -1 : nanos;
    sentBytes = 0;
    sentMillis = 0;
  }

  void pause(long nanos) {
    pausedNanos = pausedNanos < 0 ? nanos : pausedNanos;
  }

  void resume(long nanos) {
    if (pausedNanos >= 0) {
      startNanos += nanos - pausedNanos;
      pausedNanos = -1;
    }
  }

  /**
   * Returns whether a frame may be sent now.
   *
   * @param millis its time in the medium
   * @param bufferMillis what the client says it buffers
   */
  boolean allows(long millis, long nanos, long bufferMillis) {
    long now = pausedNanos < 0 ? nanos : pausedNanos;
    long ahead = millis - origin - (now - startNanos) / 1_000_000;
    if (ahead > bufferMillis + limits.leeway().toMillis()) {
      return false;
    }
    // What is ahead is taken to have as many bytes a second as all that was sent: no frame has to
    // be remembered for it.
    return ahead <= limits.leeway().toMillis()
        || (double) sentBytes * ahead / Math.max(sentMillis, ahead) <= limits.burstBytesMax();
  }

  /** Counts a frame that was sent. */
  void sent(long millis, long bytes) {
    sentMillis = Math.max(sentMillis, millis - origin);
    sentBytes += bytes;
  }
}
