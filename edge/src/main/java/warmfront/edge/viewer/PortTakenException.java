package warmfront.edge.viewer;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An address that cannot be listened on; the message names address and port. */
public final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  PortTakenException(InetSocketAddress address, Throwable cause) {
    super("cannot listen on " + text(address) + ": " + cause.getMessage(), cause);
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
