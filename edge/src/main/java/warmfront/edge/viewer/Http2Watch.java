package warmfront.edge.viewer;

import java.time.Duration;

/**
 * What one HTTP/2 connection as a whole is given time for, judged at each sweep: the greeting, a
 * frame, what waits to be taken, and to be there without a stream.
 */
final class Http2Watch {
  /** How a connection stands. */
  enum Verdict {
    FINE,
    /** Nothing was asked for a long time. */
    IDLE,
    /** Our settings are not acknowledged. */
    UNSETTLED,
    /** A frame or header block does not end. */
    STUCK,
    /** What was written is not taken, or too slowly. */
    LOST
  }

  private final Limits.Times times;
  private final Stall stall;
  private final long begun;
  private boolean settled;
  private long since;
  private long frames;
  private long framesSince;

  /** Begins at {@code now}, on the steady clock. */
  Http2Watch(Limits.Times times, Stall stall, long now) {
    this.times = times;
    this.stall = stall;
    begun = now;
    since = now;
    framesSince = now;
  }

  /** A stream begins or ends, or the connection does. */
  void stirred(long now) {
    since = now;
  }

  /** The viewer has acknowledged our settings. */
  void settled() {
    settled = true;
  }

  /**
   * Judges a connection that is open.
   *
   * @param handed how many bytes were written in all
   * @param idle whether it has no stream
   */
  Verdict open(Http2Reader reader, long handed, boolean idle, long now) {
    if (stall.isLost(handed, now)) {
      return Verdict.LOST;
    }
    if (!settled && now - begun > times.settings().toNanos()) {
      return Verdict.UNSETTLED;
    }
    if (isStuck(reader, now)) {
      return Verdict.STUCK;
    }
    return idle && isOver(times.idle(), now) ? Verdict.IDLE : Verdict.FINE;
  }

  /** Returns whether a connection that says nothing more is to be closed. */
  boolean isDone(long handed, long now) {
    return stall.isLost(handed, now) || isOver(times.linger(), now);
  }

  /** Time that the viewer needs for what was written to it does not count. */
  private boolean isOver(Duration limit, long now) {
    if (stall.pending()) {
      since = now;
    }
    return now - since > limit.toNanos();
  }

  private boolean isStuck(Http2Reader reader, long now) {
    if (!reader.isInside() || reader.progress() != frames) {
      frames = reader.progress();
      framesSince = now;
    }
    return now - framesSince > times.head().toNanos();
  }
}
