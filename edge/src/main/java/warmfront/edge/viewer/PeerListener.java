package warmfront.edge.viewer;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import warmfront.edge.step.FleetIdentity;
import warmfront.edge.step.Handler;
import warmfront.edge.step.Place;

/**
 * An address that other edges connect to, over mutual TLS and HTTP/1.1.
 *
 * @param address to bind; port 0 takes a free one
 * @param place the location it belongs to
 * @param handler takes what they ask
 * @param identity who this server is, asked at each handshake
 */
public record PeerListener(
    InetSocketAddress address, Place place, Handler handler, Supplier<FleetIdentity> identity) {
  public PeerListener {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("not an address: " + address);
    }
  }
}
