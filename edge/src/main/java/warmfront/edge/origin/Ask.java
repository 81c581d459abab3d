package warmfront.edge.origin;

import java.time.Duration;
import warmfront.bytes.Flow;
import warmfront.edge.step.Interim;
import warmfront.edge.step.Request;
import warmfront.http.Fields;

/**
 * A request as it goes to a peer.
 *
 * @param peer whom
 * @param trusted whether the operator named the peer, so that it may have a private address
 * @param method the method
 * @param target path and query as they stand in the request line
 * @param fields all fields but those of framing and connection; Host is the first
 * @param body the body
 * @param bodyLength its length; 0 without one, -1 if not known beforehand, a tunnel's if it asks
 *     for one
 * @param patience how long and how often
 * @param interim hears of interim responses
 */
record Ask(
    Peer peer,
    boolean trusted,
    String method,
    String target,
    Fields fields,
    Flow body,
    long bodyLength,
    Patience patience,
    Interim interim) {
  /**
   * How long and how often a peer is asked.
   *
   * @param attempts 1 to 3
   * @param connect longest wait for a connection, TLS included
   * @param read longest wait for the first byte and between parts
   * @param asksAgain whether a peer that does not answer in time is asked again
   * @param whole longest time from the first attempt to the last byte
   * @param keepAlive how long an idle connection is kept
   */
  record Patience(
      int attempts,
      Duration connect,
      Duration read,
      boolean asksAgain,
      Duration whole,
      Duration keepAlive) {
    /** As long as it takes. */
    static final Duration ENDLESS = Duration.ofDays(365);
  }

  Ask {
    if (!Fields.isToken(method)) {
      throw new IllegalArgumentException("not a method: " + method);
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException("not a request target: character " + (int) c);
      }
    }
  }

  /** Returns whether it may be sent again though it may have arrived (RFC 9110, 9.2.2). */
  boolean repeatable() {
    return bodyLength == 0 && (method.equals("GET") || isHead());
  }

  /** Returns whether it asks for WebSocket. */
  boolean upgrades() {
    return bodyLength == Request.TUNNEL;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }
}
