package warmfront.edge.viewer;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;
import warmfront.http.Method;

/** What the head of a message turned out to be. */
sealed interface Received {
  /**
   * A request.
   *
   * @param host lower case, without port
   * @param path raw, begins with a slash
   * @param query raw, or null
   * @param fields without those of framing and connection
   * @param bodyLength -1 if only its end will tell
   * @param keepAlive whether the viewer wants to go on with the connection
   * @param continueExpected whether it waits for 100 before it sends the body
   * @param headBytes request line and header in bytes
   */
  record Accepted(
      Method method,
      String host,
      String path,
      @Nullable String query,
      Fields fields,
      long bodyLength,
      Protocol protocol,
      boolean keepAlive,
      boolean continueExpected,
      int headBytes)
      implements Received {
    /** Returns the same request, of which it is known now that it has no body. */
    Accepted withoutBody() {
      return new Accepted(
          method, host, path, query, fields, 0, protocol, keepAlive, false, headBytes);
    }
  }

  /**
   * Something that is not to be answered by anyone else.
   *
   * @param status 400 to 599
   * @param detail one sentence for the viewer
   */
  record Refusal(int status, Reason reason, String detail) implements Received {}

  /** Returns the refusal of what does not follow the grammar. */
  static Refusal malformed(String detail) {
    return new Refusal(400, Reason.MALFORMED, detail);
  }
}
