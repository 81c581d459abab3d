package warmfront.edge.origin;

import warmfront.edge.step.Reason;
import warmfront.http.Fields;

/** How a request on a connection went, up to the head of its answer. */
sealed interface Outcome {
  /**
   * The head came.
   *
   * @param status 200 to 599
   * @param fields end-to-end fields
   * @param body the body, which must be read or cancelled
   * @param bodyLength its length, -1 if not known beforehand
   */
  record Came(int status, Fields fields, AnswerFlow body, long bodyLength) implements Outcome {}

  /**
   * It did not.
   *
   * @param status 502 or 504
   * @param reason why
   * @param detail one sentence
   * @param sent whether the peer may have seen something of the request
   * @param began whether a byte of an answer came
   */
  record Broke(int status, Reason reason, String detail, boolean sent, boolean began)
      implements Outcome {}
}
