package warmfront.control.publish;

import java.security.cert.X509Certificate;

/** Who is at the other end of a call. */
public sealed interface Peer {
  /** Someone without a certificate: may enrol, nothing else. */
  record Anonymous() implements Peer {}

  /** A server in this very process, which says itself which one it is. */
  record Local() implements Peer {}

  /**
   * A server that the fleet's CA vouches for.
   *
   * @param serverId its id
   * @param certificate what it showed
   * @param valid whether the certificate's time has come and has not passed
   */
  record Vouched(String serverId, X509Certificate certificate, boolean valid) implements Peer {}
}
