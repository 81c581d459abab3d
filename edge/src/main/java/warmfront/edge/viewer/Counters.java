package warmfront.edge.viewer;

import java.util.Map;
import warmfront.edge.step.Reason;

/**
 * What the viewers' connections have come to so far.
 *
 * @param open connections open now
 * @param accepted connections accepted since the start
 * @param turnedAway connections closed at once because too many were open
 * @param requests requests handed on since the start
 * @param handshakesFailed TLS handshakes that did not come to an end
 * @param refused requests refused here, by reason
 */
public record Counters(
    long open,
    long accepted,
    long turnedAway,
    long requests,
    long handshakesFailed,
    Map<Reason, Long> refused) {
  public Counters {
    refused = Map.copyOf(refused);
  }
}
