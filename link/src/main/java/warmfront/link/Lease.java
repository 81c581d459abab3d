package warmfront.link;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import warmfront.time.Clock;

/**
 * How long a server may be sure that it knows the latest changes. It begins when the server said a
 * word which control answered, not when the answer came: so it is over here before it is over for
 * control, however long words are under way. Only durations count; a wall clock that jumps changes
 * nothing.
 *
 * <p>One thread grants and applies; {@link #held} may be called by any.
 */
public final class Lease {
  /**
   * What control grants with a word.
   *
   * @param epoch of the log
   * @param revision where the log ended; without it the grant is worth nothing
   * @param saidNanos when the server said what control answered
   * @param length from then on
   */
  record Grant(long epoch, long revision, long saidNanos, Duration length) {
    long endNanos() {
      return saidNanos + length.toNanos();
    }
  }

  private final Clock clock;
  private @Nullable Grant awaited;
  private @Nullable Grant latest;
  private long epoch;
  private long revision;
  private volatile long endNanos;
  private volatile boolean granted;

  Lease(Clock clock) {
    this.clock = clock;
  }

  /** Takes a grant, which counts once its revision is applied. */
  void grant(Grant grant) {
    latest = grant;
    if (awaited == null) {
      awaited = grant;
    }
    settle();
  }

  /** Says how far the log is applied. */
  void applied(long nowEpoch, long nowRevision) {
    epoch = nowEpoch;
    revision = nowRevision;
    settle();
  }

  /** Returns how long grants are; empty before the first. */
  @Nullable Duration length() {
    Grant last = latest;
    return last == null ? null : last.length();
  }

  /** Returns whether the server may be sure now. */
  public boolean held() {
    return granted && endNanos - clock.nanos() > 0;
  }

  private void settle() {
    if (!isReached(awaited)) {
      return;
    }
    extend(awaited);
    // While the log is read on, grants may come faster than they are reached: the oldest counts.
    if (isReached(latest)) {
      extend(latest);
      awaited = null;
    } else {
      awaited = latest;
    }
  }

  private boolean isReached(@Nullable Grant grant) {
    return grant != null && grant.epoch() == epoch && grant.revision() <= revision;
  }

  private void extend(@Nullable Grant grant) {
    if (grant != null && (!granted || grant.endNanos() - endNanos > 0)) {
      endNanos = grant.endNanos();
      granted = true;
    }
  }
}
