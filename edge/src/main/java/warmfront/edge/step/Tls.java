package warmfront.edge.step;

import java.util.Optional;

/**
 * The viewer's TLS session.
 *
 * @param protocol as access logs spell it, {@code TLSv1.3}
 * @param cipher its OpenSSL name
 * @param serverName the name the viewer asked for, lower case; empty if none
 * @param peer the id of the server of the fleet that is at the other end; empty for a viewer
 * @param beginning how the session came about, seen from a request
 * @param hello what the viewer offered; empty if it was not looked at
 * @param client who the viewer said it is; empty if it was not asked
 */
public record Tls(
    String protocol,
    String cipher,
    String serverName,
    String peer,
    Beginning beginning,
    Optional<Hello> hello,
    Optional<Client> client) {
  /** How a session came about, seen from a request. */
  public enum Beginning {
    /** The request is the first one after a handshake with certificates. */
    FULL_HANDSHAKE("fullHandshake"),
    /** The first one after a handshake that took up an earlier session (RFC 8446, 2.2). */
    SESSION_RESUMED("sessionResumed"),
    /** One of those that came after the first. */
    CONNECTION_REUSED("connectionReused");

    private final String word;

    Beginning(String word) {
      this.word = word;
    }

    /** Returns it as CloudFront-Viewer-TLS says it. */
    public String word() {
      return word;
    }
  }

  /** A session whose viewer was not asked who it is. */
  public Tls(
      String protocol,
      String cipher,
      String serverName,
      String peer,
      Beginning beginning,
      Optional<Hello> hello) {
    this(protocol, cipher, serverName, peer, beginning, hello, Optional.empty());
  }

  /** A session of which is known what access logs say. */
  public Tls(String protocol, String cipher, String serverName, String peer) {
    this(protocol, cipher, serverName, peer, Beginning.FULL_HANDSHAKE, Optional.empty());
  }

  /** Returns the session with who the viewer said it is. */
  public Tls of(Client said) {
    return new Tls(protocol, cipher, serverName, peer, beginning, hello, Optional.of(said));
  }

  /** Returns the session as requests after the first one of its connection see it. */
  public Tls reused() {
    return new Tls(protocol, cipher, serverName, peer, Beginning.CONNECTION_REUSED, hello, client);
  }
}
