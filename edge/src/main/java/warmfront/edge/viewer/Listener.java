package warmfront.edge.viewer;

import java.net.InetSocketAddress;
import warmfront.edge.step.Place;

/**
 * An address that viewers connect to.
 *
 * @param address to bind; port 0 takes a free one
 * @param place the location it belongs to; it speaks TLS if the place is secure
 * @param http3 whether it speaks HTTP/3 too, over UDP at the same port; only beside TLS
 */
public record Listener(InetSocketAddress address, Place place, boolean http3) {
  /** An address where nobody speaks HTTP/3. */
  public Listener(InetSocketAddress address, Place place) {
    this(address, place, false);
  }

  public Listener {
    if (http3 && !place.secure()) {
      throw new IllegalArgumentException("HTTP/3 needs TLS: " + address);
    }
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("not an address: " + address);
    }
  }
}
