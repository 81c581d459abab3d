package warmfront.streaming.rtmp;

import org.jspecify.annotations.Nullable;

/** Watches over how long a peer takes; times are of the steady clock. */
final class Vigil {
  private final Limits.Times limits;
  private final long since;
  private boolean hasShaken;
  private boolean isAdmitted;
  private boolean isAsked;
  private long received;
  private long moved;
  private long taken;

  /** Since when something waits to be sent, if something does. */
  private long waiting;

  Vigil(Limits.Times limits, long since) {
    this.limits = limits;
    this.since = since;
    received = since;
    moved = since;
    waiting = since;
  }

  void shaken() {
    hasShaken = true;
  }

  void admitted() {
    isAdmitted = true;
  }

  void received(long now) {
    received = now;
    isAsked = false;
  }

  /**
   * Looks at the peer.
   *
   * @param sent bytes that were to be sent so far
   * @param pending how many of them are not gone
   * @return why it is to be ended, or null
   */
  @Nullable Ending look(long now, long sent, long pending) {
    boolean hasMoved = sent - pending > taken;
    taken = sent - pending;
    if (hasMoved) {
      moved = now;
    }
    if (hasMoved || pending == 0) {
      waiting = now;
    }
    if (now - since > allowance()) {
      return Ending.UNADMITTED;
    }
    if (now - Math.max(received, moved) > limits.idle().toNanos()) {
      return Ending.IDLE;
    }
    return now - waiting > limits.stall().toNanos() ? Ending.STALLED : null;
  }

  /** Returns how long after its connect the peer may be as little far as it is. */
  private long allowance() {
    if (isAdmitted) {
      return Long.MAX_VALUE;
    }
    return (hasShaken ? limits.admission() : limits.handshake()).toNanos();
  }

  /** Returns whether the peer is to be asked whether it is there; it then counts as asked. */
  boolean isToBeAsked(long now) {
    if (!hasShaken || isAsked || now - received <= limits.ping().toNanos()) {
      return false;
    }
    isAsked = true;
    return true;
  }
}
