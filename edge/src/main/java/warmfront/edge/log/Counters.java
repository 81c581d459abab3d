package warmfront.edge.log;

import java.util.List;
import warmfront.edge.step.Reason;
import warmfront.edge.step.ResultType;

/**
 * What requests have come to since the start.
 *
 * @param requests finished requests; only combinations that occurred
 * @param traffic bytes by location and distribution
 * @param times how long they took; only combinations that occurred
 * @param refused requests that the edge refused, by reason
 * @param originErrors fetches that ended without an answer, by reason
 * @param failovers requests that went to the second origin of a group
 * @param recordsOverflowed access records dropped because too many waited
 * @param recordsFailed access records dropped because the disk failed
 * @param files what became of finished access logs
 */
public record Counters(
    List<Requests> requests,
    List<Traffic> traffic,
    List<Times> times,
    List<Refusals> refused,
    List<OriginErrors> originErrors,
    List<Failovers> failovers,
    long recordsOverflowed,
    long recordsFailed,
    Files files) {
  /** What stands in the place of a distribution's id for requests that are of none. */
  public static final String NO_DISTRIBUTION = "-";

  /** What stands there for distributions beyond the number that is counted apart. */
  public static final String OTHER_DISTRIBUTIONS = "other";

  /** Upper bounds of the buckets of times, in seconds; one more bucket has what is above. */
  public static final List<Double> BOUNDS_SECONDS =
      List.of(
          0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
          2.5, 5.0, 10.0, 30.0, 60.0);

  /**
   * Finished requests.
   *
   * @param location its code
   * @param distribution its id
   * @param result what they were
   * @param statusClass first digit of the status; 0 if none was sent
   * @param count how many
   */
  public record Requests(
      String location, String distribution, ResultType result, int statusClass, long count) {}

  /**
   * Bytes to and from viewers, headers included, TLS not.
   *
   * @param location its code
   * @param distribution its id
   * @param sent bytes to viewers
   * @param received bytes from viewers
   */
  public record Traffic(String location, String distribution, long sent, long received) {}

  /** What was timed. */
  public enum Span {
    /** From a request's header to the first byte of its response: steps 2 to 8. */
    ANSWER,
    /** From there to the last byte: step 9. */
    SEND,
    /** From the origin's request to the first byte of its answer: step 6. */
    FETCH
  }

  /**
   * How long something took.
   *
   * @param location its code
   * @param span what
   * @param result of the requests
   * @param counts how many per bucket, one more than {@link #BOUNDS_SECONDS}; not cumulative
   * @param sumSeconds of all
   */
  public record Times(
      String location, Span span, ResultType result, List<Long> counts, double sumSeconds) {
    public Times {
      counts = List.copyOf(counts);
    }
  }

  /**
   * Requests that were refused.
   *
   * @param location its code
   * @param reason why
   * @param count how many
   */
  public record Refusals(String location, Reason reason, long count) {}

  /**
   * Fetches without an answer.
   *
   * @param location its code
   * @param distribution its id
   * @param reason why
   * @param count how many
   */
  public record OriginErrors(String location, String distribution, Reason reason, long count) {}

  /**
   * Requests that went to the second origin of a group, because the first one failed.
   *
   * @param location its code
   * @param distribution its id
   * @param count how many
   */
  public record Failovers(String location, String distribution, long count) {}

  /**
   * Finished access logs that go to buckets.
   *
   * @param delivered how many are in their buckets
   * @param failed how often a bucket did not take one
   * @param dropped how many made room on the disk before they were delivered
   * @param waiting how many are compressed and not delivered
   * @param spoolBytes bytes of all finished logs on the disk, those among them that go nowhere
   */
  public record Files(long delivered, long failed, long dropped, long waiting, long spoolBytes) {}

  public Counters {
    requests = List.copyOf(requests);
    traffic = List.copyOf(traffic);
    times = List.copyOf(times);
    refused = List.copyOf(refused);
    originErrors = List.copyOf(originErrors);
    failovers = List.copyOf(failovers);
  }
}
