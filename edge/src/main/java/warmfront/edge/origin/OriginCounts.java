package warmfront.edge.origin;

import java.util.Map;
import warmfront.edge.step.Reason;

/**
 * What happened since the start.
 *
 * @param answered fetches that ended in an answer of the origin, whatever its status
 * @param failed fetches that did not, by reason
 * @param opened connections opened
 * @param reused requests sent on a connection that had served another
 * @param retried requests sent again
 * @param open connections open now, idle ones included
 * @param lent parts of bodies that readers hold now
 */
public record OriginCounts(
    long answered,
    Map<Reason, Long> failed,
    long opened,
    long reused,
    long retried,
    long open,
    long lent) {
  public OriginCounts {
    failed = Map.copyOf(failed);
  }
}
