package warmfront.routing.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import warmfront.time.Clock;

/**
 * The sockets of the DNS server: a UDP and a TCP port at each address. Listen at addresses, not at
 * the wildcard, on a machine with several: a UDP reply must come from where the query went.
 */
public final class DnsServer {
  /** How often a free port is tried for, when port 0 asks for one that is free for both. */
  private static final int FREE_PORT_TRIES = 20;

  private static final int BACKLOG = 128;

  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final List<UdpListener> udp = new ArrayList<>();
  private final List<TcpListener> tcp = new ArrayList<>();
  private final Shared shared;

  private DnsServer(Shared shared) {
    this.shared = shared;
  }

  /**
   * Answers questions of its own, so that the first of others find everything compiled.
   *
   * @param zone like the one that will be served; what its steering counts is counted
   */
  public static void rehearse(Zone zone, DnsLimits limits, Clock clock) {
    Rehearsal.run(zone, limits, clock);
  }

  /**
   * Opens the ports and serves.
   *
   * @param listen where; port 0 takes one that is free for UDP and TCP
   * @param zones gives the zone as it is at the moment
   * @throws IOException if a port cannot be had; it is named, and no other stays open
   */
  public static DnsServer open(
      List<InetSocketAddress> listen,
      Supplier<Zone> zones,
      DnsLimits limits,
      DnsCounters counters,
      Clock clock)
      throws IOException {
    DnsServer made = new DnsServer(Shared.of(zones, limits, counters, new SecureRandom(), clock));
    try {
      for (InetSocketAddress address : listen) {
        made.bind(address);
      }
    } catch (IOException taken) {
      made.close();
      throw taken;
    }
    made.udp.forEach(UdpListener::start);
    made.tcp.forEach(TcpListener::start);
    return made;
  }

  private void bind(InetSocketAddress wanted) throws IOException {
    for (int left = wanted.getPort() == 0 ? FREE_PORT_TRIES : 1; ; left--) {
      try {
        bindBoth(wanted);
        return;
      } catch (IOException taken) {
        if (left <= 1) {
          throw new IOException(
              "cannot serve DNS at %s port %d: %s"
                  .formatted(
                      wanted.getAddress().getHostAddress(), wanted.getPort(), taken.getMessage()),
              taken);
        }
      }
    }
  }

  private void bindBoth(InetSocketAddress wanted) throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.bind(wanted, BACKLOG);
      InetSocketAddress bound = new InetSocketAddress(wanted.getAddress(), server.getLocalPort());
      udp.addAll(UdpListener.open(bound, shared));
      tcp.add(new TcpListener(server, shared));
      addresses.add(bound);
    } catch (IOException taken) {
      server.close();
      throw taken;
    }
  }

  /** Returns where it serves, in the order asked for. */
  public List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  /**
   * Closes TCP connections that stand still, and renews what cookies are made with; to be called a
   * few times a second.
   */
  public void tick() {
    tcp.forEach(TcpListener::closeOverdue);
    shared.secret().renew();
  }

  /** Takes no more queries over UDP and no more connections; those that are open go on. */
  public void stopAccepting() throws IOException {
    for (UdpListener listener : udp) {
      listener.close();
    }
    for (TcpListener listener : tcp) {
      listener.stopAccepting();
    }
  }

  /** Returns whether no connection is open. */
  public boolean isIdle() {
    return tcp.stream().allMatch(TcpListener::isIdle);
  }

  /** Closes everything. */
  public void close() throws IOException {
    stopAccepting();
    tcp.forEach(TcpListener::closeAll);
  }
}
