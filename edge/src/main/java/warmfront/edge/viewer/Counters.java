package warmfront.edge.viewer;

import java.util.Map;
import warmfront.edge.step.Reason;

/**
 * What the viewers' connections have come to so far.
 *
 * @param open connections open now
 * @param accepted connections accepted since the start
 * @param turnedAway connections closed at once because too many were open
 * @param addressesFull connections closed at once because their address had too many
 * @param requests requests handed on since the start
 * @param handshakesFailed TLS handshakes that did not come to an end
 * @param refused requests refused here, by reason
 * @param calmed connections over HTTP/2 that were ended because they demanded too much, by what
 * @param measured connections whose round-trip time was taken
 * @param unmeasured connections whose round-trip time is in no report, by why
 */
public record Counters(
    long open,
    long accepted,
    long turnedAway,
    long addressesFull,
    long requests,
    long handshakesFailed,
    Map<Reason, Long> refused,
    Map<String, Long> calmed,
    long measured,
    Map<String, Long> unmeasured) {
  public Counters {
    calmed = Map.copyOf(calmed);
    unmeasured = Map.copyOf(unmeasured);
    refused = Map.copyOf(refused);
  }
}
