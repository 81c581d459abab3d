package warmfront.edge.peer;

import java.util.Map;
import warmfront.edge.step.ResultType;

/**
 * What a location's servers did for one another, as one of them saw it since its start.
 *
 * @param servers others that the register says can be asked
 * @param skipped those among them that are not asked now, because they failed
 * @param asked requests to others, by what came of them
 * @param kept answers of others that were kept here, too, because they were asked for so often
 * @param alone requests for objects of others that went to the origin, because none of them could
 *     be asked
 * @param served requests that others made here, by result
 */
public record Counts(
    int servers,
    int skipped,
    Map<Outcome, Long> asked,
    long kept,
    long alone,
    Map<ResultType, Long> served) {
  /** None, where a server is the only one of its location. */
  public static final Counts NONE = new Counts(0, 0, Map.of(), 0, 0, Map.of());

  public Counts {
    asked = Map.copyOf(asked);
    served = Map.copyOf(served);
  }
}
