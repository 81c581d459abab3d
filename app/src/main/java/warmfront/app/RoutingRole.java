package warmfront.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.operator.OperatorServer;
import warmfront.distribution.Feature;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Server;
import warmfront.routing.Routing;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * A DNS server as a process of its own. Where it answers and where it hears the edges is in its
 * registration; it answers from its own disk when control is away.
 */
final class RoutingRole implements Role {
  private final ServerProcess process;
  private final Registered registered;
  private final Latest log;
  private final LateTaker maps = new LateTaker();
  private volatile @Nullable Routing routing;

  private RoutingRole(ServerProcess process) {
    this.process = process;
    this.registered = new Registered(process.serverId(), Server.Role.ROUTING, this::open);
    this.log = new Latest(registered);
  }

  /** Joins and begins to follow the log; {@code data} is closed with the role. */
  static RoutingRole start(Config config, DataDirectory data, Optional<String> join, Clock clock)
      throws StartException, InterruptedException {
    RoutingRole role =
        new RoutingRole(ServerProcess.open(Server.Role.ROUTING, config, data, join, clock));
    role.process.follow(
        role.registered, role.log, Feature.names(), role::kept, Optional.of(role.maps));
    return role;
  }

  private Registered.Served open(Server own, Snapshot picture) throws IOException {
    List<InetSocketAddress> dns = ServerProcess.listen(own, ListenAddress.Scheme.DNS).toList();
    Optional<InetSocketAddress> heartbeats =
        ServerProcess.listen(own, ListenAddress.Scheme.HEARTBEAT).findFirst();
    Routing opened =
        Routing.load(Rooms.routing(process.config(), dns, heartbeats), process.clock());
    OperatorServer operator = process.operator();
    RoutingPart part = new RoutingPart(opened, process.clock(), _ -> Map.of());
    operator.add(part);
    operator.page("/route", part::route);
    Hosts hosts = new Hosts(log, opened, process.config().zone().name());
    operator.page("/hosts", _ -> OperatorServer.Answer.text(200, hosts.lines()));
    routing = opened;
    maps.open(opened.maps());
    return new Opened(opened);
  }

  private Set<String> kept() {
    Routing answering = routing;
    return answering == null ? Set.of() : answering.kept();
  }

  @Override
  public void awaitReady() throws StartException, InterruptedException {
    process.awaitReady(registered);
  }

  @Override
  public Map<String, Object> ready() {
    return process.ready(registered);
  }

  @Override
  public void drain(Duration atMost) {
    try {
      Routing answering = routing;
      if (answering != null) {
        answering.drain(atMost);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      process.close();
    }
  }

  /** The DNS server as it is opened: it has a picture before it listens. */
  private record Opened(Routing routing) implements Registered.Served {
    @Override
    public Verdict take(Snapshot next, List<Entry> changes) {
      return routing.take(next, changes);
    }

    @Override
    public void start() throws IOException {
      routing.start();
    }
  }
}
