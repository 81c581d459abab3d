package warmfront.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Server;
import warmfront.edge.Edge;
import warmfront.edge.Shedding;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.link.HeartbeatSender;
import warmfront.snapshot.Snapshot;

/** Tells every DNS server of the fleet once a second that this edge serves. */
final class Heartbeats implements AutoCloseable {
  private final Latest log;
  private final Server own;
  private final long incarnation;
  private final Edge edge;
  private final Shedding shedding = new Shedding();
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final HeartbeatSender sender;

  private Heartbeats(Latest log, Server own, long incarnation, Edge edge) {
    this.log = log;
    this.own = own;
    this.incarnation = incarnation;
    this.edge = edge;
    this.sender = HeartbeatSender.start(this::receivers, this::codec, this::heartbeat);
  }

  /** Begins to tell; {@code log} has a picture. */
  static Heartbeats start(Latest log, Server own, long incarnation, Edge edge) {
    return new Heartbeats(log, own, incarnation, edge);
  }

  /** Says at once, and from now on, that no new viewers are wanted. */
  void drain() throws InterruptedException {
    draining.set(true);
    sender.sendNow();
  }

  @Override
  public void close() {
    sender.close();
  }

  private Heartbeat heartbeat() {
    return new Heartbeat(
        own.id(),
        own.location(),
        incarnation,
        sequence.incrementAndGet(),
        edge.revision(),
        true,
        draining.get(),
        shedding.next(edge.utilisation()));
  }

  private HeartbeatCodec codec() {
    return log.picture().all(Kind.HEARTBEAT_KEY, HeartbeatKey.class).stream()
        .max(Comparator.comparing(HeartbeatKey::id))
        .map(key -> new HeartbeatCodec(Base64.getDecoder().decode(key.base64())))
        .orElseThrow(() -> new IllegalStateException("the log has no key for heartbeats"));
  }

  private List<InetSocketAddress> receivers() {
    return receivers(log.picture());
  }

  /** Returns where the DNS servers of a picture take heartbeats. */
  static List<InetSocketAddress> receivers(Snapshot picture) {
    return picture.all(Kind.SERVER, Server.class).stream()
        .filter(server -> server.role() == Server.Role.ROUTING)
        .filter(server -> server.state() != Server.State.REVOKED)
        .flatMap(Heartbeats::reachable)
        .toList();
  }

  /** A server that listens everywhere, or behind NAT, is reached where it says it is. */
  private static Stream<InetSocketAddress> reachable(Server server) {
    List<InetAddress> advertised =
        Stream.concat(server.advertise4().stream(), server.advertise6().stream())
            .map(InetAddress::ofLiteral)
            .toList();
    return ServerProcess.listen(server, ListenAddress.Scheme.HEARTBEAT)
        .flatMap(listen ->
            advertised.isEmpty()
                ? Stream.of(listen)
                : advertised.stream()
                    .map(address -> new InetSocketAddress(address, listen.getPort())));
  }
}
