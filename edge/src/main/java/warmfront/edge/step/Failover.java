package warmfront.edge.step;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whom the second origin of a behavior's group stands in for, and when (CloudFront, "Optimize high
 * availability with origin failover"). The first one is asked first each time.
 *
 * @param second the behavior with the second origin in place of the first
 * @param statuses what the first one may say, or fail with, for the second one to be asked
 * @param scores how good the media of both are, where the better one is asked first
 */
public record Failover(Route second, Set<Integer> statuses, Optional<MediaScores> scores) {
  /** The status that stands for a connection that does not come about. */
  private static final int CONNECT = 503;

  /** The status that stands for an origin that does not answer in time. */
  private static final int TIMEOUT = 504;

  /** The status that stands for an answer which cannot be understood, or is cut off in its head. */
  private static final int ANSWER = 502;

  private static final Set<Reason> UNCONNECTED =
      EnumSet.of(
          Reason.ORIGIN_DNS,
          Reason.ORIGIN_REFUSED,
          Reason.ORIGIN_UNREACHED,
          Reason.ORIGIN_NOT_ALLOWED,
          Reason.ORIGIN_TLS);
  private static final Set<Reason> UNUSABLE =
      EnumSet.of(Reason.ORIGIN_BROKE_OFF, Reason.ORIGIN_INVALID, Reason.ORIGIN_HEADER_TOO_LARGE);

  public Failover {
    statuses = Set.copyOf(statuses);
  }

  /** Returns whether the second origin is to be asked after this of the first. */
  public boolean isDue(Fetched fetched) {
    return switch (fetched) {
      case Fetched.Answered answered -> statuses.contains(answered.status());
      case Fetched.Failed failed -> isDue(failed.reason());
    };
  }

  private boolean isDue(Reason reason) {
    return (UNCONNECTED.contains(reason) && statuses.contains(CONNECT))
        || (reason == Reason.ORIGIN_TIMEOUT && statuses.contains(TIMEOUT))
        || (UNUSABLE.contains(reason) && statuses.contains(ANSWER));
  }
}
