package warmfront.edge;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import warmfront.edge.peer.Limits;
import warmfront.edge.step.FleetIdentity;
import warmfront.edge.viewer.Listener;

/**
 * What an edge needs to ask the other servers of its location, and to be asked by them.
 *
 * @param server its id in the fleet
 * @param identity its certificate and key, asked at each handshake
 * @param listener where others ask it, and the location
 * @param limits how much patience it has with them
 */
public record PeerConfig(
    String server, Supplier<FleetIdentity> identity, Listener listener, Limits limits) {
  /** Returns where others ask it. */
  InetSocketAddress address() {
    return listener.address();
  }

  /** Returns its location's code. */
  String location() {
    return listener.place().location().id();
  }
}
