package warmfront.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.config.Endpoint;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Location;
import warmfront.distribution.Server;
import warmfront.edge.Edge;
import warmfront.edge.PeerConfig;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.link.Follower;
import warmfront.routing.Detours;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * An edge as a process of its own. Where it listens is in its registration; it serves from its own
 * disk when control is away, and is in DNS for as long as it tells the DNS servers that it lives.
 */
final class EdgeRole implements Role {
  /** Where viewers are redirected to if the edge itself has no listener with TLS. */
  private static final int HTTPS_PORT = 443;

  private final ServerProcess process;
  private final Registered registered;
  private final Latest log;
  private final Leases leases = new Leases();
  private final EdgeMaps maps;
  private final Detours detours;
  private volatile @Nullable Delivery edge;
  private volatile @Nullable Heartbeats heartbeats;
  private volatile @Nullable Follower follower;

  private EdgeRole(ServerProcess process) {
    this.process = process;
    this.registered = new Registered(process.serverId(), Server.Role.EDGE, this::open);
    this.log = new Latest(registered);
    this.maps = new EdgeMaps(process.data().path());
    this.detours = new Detours(maps::held);
  }

  /** Joins and begins to follow the log; {@code data} is closed with the role. */
  static EdgeRole start(Config config, DataDirectory data, Optional<String> join, Clock clock)
      throws StartException, InterruptedException {
    EdgeRole role = new EdgeRole(ServerProcess.open(Server.Role.EDGE, config, data, join, clock));
    Follower follower =
        role.process.follow(
            role.registered, role.log, Feature.names(), Set::of, Optional.of(role.maps));
    role.leases.add(follower.lease());
    role.follower = follower;
    return role;
  }

  private Registered.Served open(Server own, Snapshot picture) throws IOException {
    Location location =
        picture
            .find(Kind.LOCATION, own.location())
            .map(found -> (Location) found.resource())
            .orElseThrow(() -> new IOException("there is no location " + own.location()));
    Edge alone =
        Edge.open(
            Rooms.edge(
                process.config(),
                process.data().folder("edge"),
                listeners(own, location, process.config().viewers().http3()),
                false,
                process.clock()),
            peers(own, location),
            leases);
    alone.direct(detours::better);
    alone.tell(this::wrote);
    EdgeAtlas atlas = EdgeAtlas.open(process.config(), process.data().path());
    process.closeLater("the tables of places", atlas);
    alone.consult(atlas);
    List<Delivery.Rtmp> rtmp =
        ServerProcess.listen(own, ListenAddress.Scheme.RTMP)
            .map(address -> new Delivery.Rtmp(location, own.id(), address))
            .toList();
    Delivery opened =
        Delivery.of(
            alone,
            rtmp,
            ServerProcess.listen(own, ListenAddress.Scheme.LIVE).findFirst(),
            process.data().folder(Delivery.RECORDINGS),
            process.config(),
            process.clock());
    process.closeLater("the edge", opened);
    opened.show(process.operator(), process.clock());
    edge = opened;
    return new Opened(opened, atlas, detours, maps);
  }

  private void wrote(String distribution, String path) {
    Follower following = follower;
    if (following != null) {
      following.wrote(distribution, path);
    }
  }

  private static List<Listener> listeners(Server own, Location location, boolean http3) {
    List<InetSocketAddress> secure = ServerProcess.listen(own, ListenAddress.Scheme.HTTPS).toList();
    int httpsPort = secure.stream().findFirst().map(InetSocketAddress::getPort).orElse(HTTPS_PORT);
    List<Listener> listeners = new ArrayList<>();
    ServerProcess.listen(own, ListenAddress.Scheme.HTTP)
        .forEach(
            address -> listeners.add(new Listener(address, new Place(location, false, httpsPort))));
    secure.forEach(address ->
        listeners.add(new Listener(address, new Place(location, true, address.getPort()), http3)));
    return listeners;
  }

  /** A server that is not registered to be asked by others asks none. */
  private Optional<PeerConfig> peers(Server own, Location location) {
    Config.Edge config = process.config().edge();
    return ServerProcess.listen(own, ListenAddress.Scheme.PEER)
        .findFirst()
        .map(registered ->
            new PeerConfig(
                own.id(),
                process::identity,
                new Listener(
                    config.peers().map(Endpoint::socket).orElse(registered),
                    new Place(location, true, registered.getPort())),
                Rooms.patience(config.patience())));
  }

  @Override
  public void awaitReady() throws StartException, InterruptedException {
    process.awaitReady(registered);
    Delivery serving = edge;
    Server own = registered.own().orElse(null);
    Follower following = follower;
    if (serving == null || own == null || following == null) {
      throw new IllegalStateException("ready without a registration");
    }
    Heartbeats telling = Heartbeats.start(log, own, process.incarnation(), serving.edge());
    process.closeLater("the heartbeats", telling);
    heartbeats = telling;
    if (process.config().maps().measured()) {
      Measuring measuring =
          Measuring.start(
              process.config().maps().paced(process.config().maps().measuredWindow()),
              new Measuring.Sources(serving.edge()::roundTrips, serving::sentBytes),
              List.of(new Measuring.Reporter(own.id(), own.location(), following::report)),
              process.clock());
      process.closeLater("the measuring of round-trip times", measuring);
      process.operator().add(measuring);
    }
  }

  @Override
  public Map<String, Object> ready() {
    return process.ready(registered);
  }

  @Override
  public void drain(Duration atMost) {
    try {
      Heartbeats telling = heartbeats;
      if (telling != null) {
        telling.drain();
      }
      Delivery serving = edge;
      if (serving != null) {
        serving.drain(atMost);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      process.close();
    }
  }

  /** The edge as it is opened: it has a picture before it listens. */
  private record Opened(Delivery edge, EdgeAtlas atlas, Detours detours, EdgeMaps maps)
      implements Registered.Served {
    @Override
    public Verdict take(Snapshot next, List<Entry> changes) {
      atlas.apply(next, changes);
      Verdict verdict = edge.take(next, changes);
      if (verdict instanceof Verdict.Applied) {
        detours.apply(next);
        maps.apply(next, changes);
      }
      return verdict;
    }

    @Override
    public void start() throws IOException {
      edge.start();
    }
  }
}
