package warmfront.streaming.rtmp;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All tunnels through HTTP, by their ids: who knows an id is the peer, whatever connection a
 * request comes on. Thread-safe.
 */
final class Tunnels {
  private static final int ID = 16;

  private final SecureRandom random = new SecureRandom();
  private final ConcurrentMap<String, Tunnel> byId = new ConcurrentHashMap<>();
  private final ConcurrentMap<InetAddress, Integer> ofAddress = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Opens a tunnel for the peer of a connection, whose loop will be its own.
   *
   * @return null if there are too many: their limits are those of connections
   */
  @Nullable Tunnel open(Channel channel, Loop loop, Dialects dialects) {
    Limits.Connection limits = loop.limits().connection();
    if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
      return null; // it has gone already
    }
    InetAddress address = peer.getAddress();
    int same = ofAddress.merge(address, 1, Integer::sum);
    if (open.incrementAndGet() > limits.openMax() || same > limits.ofAddressMax()) {
      left(address);
      return null;
    }
    byte[] id = new byte[ID];
    random.nextBytes(id);
    Tunnel tunnel = new Tunnel(HexFormat.of().formatHex(id), this, channel, loop, dialects);
    byId.put(tunnel.id(), tunnel);
    tunnel.begin();
    return tunnel;
  }

  /** Returns the tunnel with an id; null if there is none. */
  @Nullable Tunnel find(String id) {
    return byId.get(id);
  }

  /** Forgets a tunnel; called once for each. */
  void forget(Tunnel tunnel) {
    byId.remove(tunnel.id());
    left(tunnel.remoteAddress().getAddress());
  }

  private void left(InetAddress address) {
    open.decrementAndGet();
    ofAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }
}
