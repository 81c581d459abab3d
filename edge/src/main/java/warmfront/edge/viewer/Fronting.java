package warmfront.edge.viewer;

import java.util.function.Predicate;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Refusal;

/**
 * Which hosts may be asked for on one TLS connection: the one that the viewer named when it shook
 * hands, and those that the certificate covers which it was shown. Anything else would make one
 * distribution the front of another (CloudFront, "Understanding how CloudFront handles domain
 * fronting"). Who named no host may ask for any.
 *
 * @param serverName the name in the handshake, lower case; empty if there was none
 * @param covered whether the certificate that was shown covers a host
 */
record Fronting(String serverName, Predicate<String> covered) {
  /** What the others get (RFC 9110, section 15.5.20). */
  static final Refusal REFUSAL =
      new Refusal(
          421, Reason.MISDIRECTED, "The host of the request is not the one of the connection.");

  /** A connection without TLS. */
  static final Fronting NONE = new Fronting("", _ -> true);

  /** Returns whether a host, lower case and without port, may be asked for. */
  boolean allows(String host) {
    return host.equals(serverName) || serverName.isEmpty() || covered.test(host);
  }
}
