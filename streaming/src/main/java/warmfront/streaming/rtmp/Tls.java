package warmfront.streaming.rtmp;

import java.util.Optional;
import javax.net.ssl.SSLEngine;

/** The server's side of TLS, by the name that a peer asks for. Thread-safe; never waits. */
@FunctionalInterface
public interface Tls {
  /** Has nothing to show to anybody. */
  Tls NONE = _ -> Optional.empty();

  /**
   * Returns an engine of its own for a connection.
   *
   * @param serverName in lower case; empty if the peer asks for none (RFC 6066, section 3)
   * @return empty if there is no certificate to show
   */
  Optional<SSLEngine> engine(String serverName);
}
