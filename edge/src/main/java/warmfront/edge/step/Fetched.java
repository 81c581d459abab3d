package warmfront.edge.step;

import java.time.Duration;
import warmfront.bytes.Flow;
import warmfront.http.Fields;

/**
 * Step 6, fetch: how asking the origin ended. Failing is an ordinary outcome here. A body that
 * breaks off after the head says so in its flow.
 */
public sealed interface Fetched {
  /**
   * The origin answered.
   *
   * @param status 200 to 599
   * @param fields end-to-end fields, without framing and connection
   * @param body the body, to be read or cancelled by whoever gets it
   * @param bodyLength its length in bytes; -1 if not known beforehand
   * @param took from the request to the first byte of the answer
   * @param approach what of that was before the origin was asked
   */
  record Answered(
      int status, Fields fields, Flow body, long bodyLength, Duration took, Approach approach)
      implements Fetched {
    /** Makes one of what was asked over a connection that was there. */
    public Answered(int status, Fields fields, Flow body, long bodyLength, Duration took) {
      this(status, fields, body, bodyLength, took, Approach.NONE);
    }
  }

  /**
   * No answer came.
   *
   * @param status what the viewer gets for it: 502 or 504; 503 if the edge has no room for the
   *     fetch; 413 if the request is too long to be signed
   * @param reason why
   * @param detail one sentence for the operator
   */
  record Failed(int status, Reason reason, String detail) implements Fetched {}
}
