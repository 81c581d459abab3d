package warmfront.edge.origin;

import java.util.List;
import java.util.Optional;
import warmfront.distribution.Certificate;
import warmfront.distribution.Reach;

/**
 * Who is at the other end of a connection; requests to equal peers share connections.
 *
 * @param host a name or an address
 * @param port the port
 * @param secure whether TLS is spoken
 * @param serverName the name asked for in TLS; the certificate is for it or for {@code host}
 * @param protocols TLS versions offered
 * @param family which of its addresses are asked
 * @param shown the certificate that it is shown if it asks who is there
 */
record Peer(
    String host,
    int port,
    boolean secure,
    String serverName,
    List<String> protocols,
    Reach.Family family,
    Optional<Certificate> shown) {
  /** One that is shown no certificate. */
  Peer(
      String host,
      int port,
      boolean secure,
      String serverName,
      List<String> protocols,
      Reach.Family family) {
    this(host, port, secure, serverName, protocols, family, Optional.empty());
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + host + ":" + port;
  }
}
