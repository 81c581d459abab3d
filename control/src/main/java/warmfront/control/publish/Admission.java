package warmfront.control.publish;

import java.util.Optional;

/** Who is let into the fleet. Called by threads that may wait. */
public interface Admission {
  /** What came of a request for a certificate. */
  sealed interface Answer {
    /**
     * It is granted.
     *
     * @param serverId for which server
     * @param chainPem the certificate and its issuers
     * @param caPem what the fleet trusts
     */
    record Granted(String serverId, String chainPem, String caPem) implements Answer {}

    /**
     * It is not.
     *
     * @param reason for the operator of the server; says nothing of other servers
     */
    record Refused(String reason) implements Answer {}
  }

  /**
   * Trades the secret of a one-time token and a certification request for a certificate.
   *
   * @param csr PKCS #10, DER
   */
  Answer enrol(String secret, byte[] csr);

  /** Renews the certificate of a server which proved that it has the current one. */
  Answer renew(Peer.Vouched peer, byte[] csr);

  /** Returns why the certificate a server shows is no longer taken; empty if it is. */
  Optional<String> refusal(Peer.Vouched peer);
}
