package warmfront.edge;

import org.jspecify.annotations.Nullable;
import warmfront.edge.policy.CacheStatus;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;

/** Who asks. */
enum Asker {
  VIEWER,
  /** Another server, which has admitted the request. */
  PEER,
  /** Another server that asks the Origin Shield. */
  OUTER,
  /** Another module of this process, which can begin again by itself. */
  READER,
  /** An exchange that failed, for the page in the place of its error. */
  PAGE;

  /** Another server is told how long an object lives here, so that it lives no longer there. */
  Stamp told(Stamp stamp, Stored stored) {
    @Nullable String status = stamp.cacheStatus();
    if (status == null || (this != PEER && this != OUTER)) {
      return stamp;
    }
    String timed = CacheStatus.withTtl(status, stored);
    return new Stamp(
        stamp.requestId(),
        stamp.result(),
        stamp.ageSeconds(),
        this == OUTER ? CacheStatus.ofShield(timed) : timed);
  }
}
