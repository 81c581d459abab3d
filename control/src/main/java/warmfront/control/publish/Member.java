package warmfront.control.publish;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.control.store.LogHead;
import warmfront.distribution.Server;
import warmfront.link.Held;

/** What is known of one server; guarded by the lock of {@link Members}. */
final class Member {
  Server server;
  @Nullable Session session;

  /** Whether it is live at another control process. */
  boolean elsewhere;

  /** Whether it may have been in DNS. */
  boolean counted;

  boolean spoke;
  long heardNanos;
  long epoch;
  long revision;
  List<Held> held = List.of();

  /** Edges without a lease to which it sends viewers all the same. */
  Set<String> kept = Set.of();

  /** Up to when it is known to have had all changes; a time of {@link Attention}. */
  long freshNanos;

  /** Since when DNS servers do not give it out; only if it is lapsed. */
  OptionalLong leftNanos = OptionalLong.empty();

  /** The entry that says that its lease lapsed. */
  OptionalLong lapse = OptionalLong.empty();

  private LogHead target;
  private long targetNanos;

  Member(Server server, LogHead head, long nanos) {
    this.server = server;
    this.target = head;
    this.targetNanos = nanos;
    this.freshNanos = nanos;
  }

  /**
   * Notes that it said something, and so how fresh it is. While it is behind, it is as fresh as the
   * newest end of the log that it is known to have reached.
   *
   * @param head where the log ended at {@code nanos}
   */
  void heard(LogHead head, long nanos) {
    if (!obeysUpTo(target)) {
      return;
    }
    freshNanos = obeysUpTo(head) ? nanos : Math.max(freshNanos, targetNanos);
    target = head;
    targetNanos = nanos;
  }

  /** Returns whether it knew all changes so lately. */
  boolean isFresh(long nanos, Duration lease) {
    return nanos - freshNanos <= lease.toNanos();
  }

  boolean obeysUpTo(LogHead head) {
    return epoch == head.epoch() && revision >= head.revision();
  }

  boolean obeys(long ofEpoch, long ofRevision) {
    return epoch == ofEpoch
        && revision >= ofRevision
        && held.stream().noneMatch(one -> one.revision() == ofRevision);
  }

  /** Notes whether DNS servers give it out at the moment. */
  void leftDns(boolean left, long nowNanos) {
    if (!left) {
      leftNanos = OptionalLong.empty();
    } else if (leftNanos.isEmpty()) {
      leftNanos = OptionalLong.of(nowNanos);
    }
  }
}
