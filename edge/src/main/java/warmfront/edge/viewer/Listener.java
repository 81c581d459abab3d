package warmfront.edge.viewer;

import java.net.InetSocketAddress;
import warmfront.edge.step.Place;

/**
 * An address that viewers connect to.
 *
 * @param address to bind; port 0 takes a free one
 * @param place the location it belongs to; it speaks TLS if the place is secure
 */
public record Listener(InetSocketAddress address, Place place) {
  public Listener {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("not an address: " + address);
    }
  }
}
