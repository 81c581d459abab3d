package warmfront.app;

import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.operator.OperatorServer;
import warmfront.app.operator.Running;
import warmfront.app.s3.FolderStorage;
import warmfront.app.s3.ObjectStorage;
import warmfront.control.Control;
import warmfront.control.ControlConfig;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.AccessKeys;
import warmfront.control.maps.MapDesk;
import warmfront.control.publish.ServerStatus;
import warmfront.distribution.Feature;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.Server;
import warmfront.edge.Edge;
import warmfront.edge.cache.CacheCounters;
import warmfront.edge.viewer.Listener;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.routing.Detours;
import warmfront.routing.Routing;
import warmfront.rtt.MapTaker;
import warmfront.signing.Credentials;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * Everything in one process: the control plane, a DNS server, the embedded S3, and one edge that is
 * all locations. They meet as they do in a fleet, over gRPC's in-process transport; locations and
 * servers are log resources that the process registers for itself.
 */
final class AllInOne implements Role {
  private static final String S3_REGION = "us-east-1";

  /** How long all parts together may take to find one another. */
  private static final Duration START_MAX = Duration.ofSeconds(30);

  private final Config config;
  private final OwnServers servers;
  private final DataDirectory data;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final String name = "warmfront-" + UUID.randomUUID();
  private final Closing closing = new Closing();
  private final Leases leases = new Leases();

  private @Nullable Parts parts;

  /** What is there once it serves. */
  private record Parts(
      AccessKey rootKey,
      Optional<ObjectStorage> storage,
      Control control,
      Routing routing,
      Delivery edge,
      Reports reports) {}

  private AllInOne(Config config, DataDirectory data, Clock clock) {
    this.config = config;
    this.servers = new OwnServers(config);
    this.data = data;
    this.clock = clock;
  }

  /**
   * Starts everything and waits until it serves.
   *
   * @throws StartException if it cannot; nothing is left open
   */
  static AllInOne start(Config config, DataDirectory data, Clock clock)
      throws StartException, InterruptedException {
    AllInOne all = new AllInOne(config, data, clock);
    try {
      all.open();
      return all;
    } catch (IOException | IllegalStateException failed) {
      all.closing.close();
      throw new StartException(String.valueOf(failed.getMessage()), failed);
    } catch (StartException | InterruptedException failed) {
      all.closing.close();
      throw failed;
    }
  }

  private void open() throws IOException, StartException, InterruptedException {
    closing.add("the data directory", data);
    OperatorServer operator = OperatorServer.open(config.operator().socket());
    closing.add("the operator port", operator);
    operator.add(new Running(Main.VERSION, "all-in-one", clock));
    AccessKey rootKey = AccessKeys.loadOrMake(data.path(), random).root();
    AccessKey edgesKey = AccessKeys.loadOrMake(data.folder("s3-key-of-edges"), random).root();
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      // The slow ones side by side: Jetty, the country table, the disks' index.
      Future<Optional<ObjectStorage>> storage =
          starting.submit(() -> storage(List.of(rootKey, edgesKey)));
      Future<Routing> loading =
          starting.submit(
              () -> Routing.load(Rooms.routing(config), clock, clock.faster(config.maps().pace())));
      Future<Edge> opening = starting.submit(this::openEdge);
      Optional<ObjectStorage> s3 = result(storage);
      s3.ifPresent(opened -> closing.add("the embedded S3", opened));
      MapMaking maps = new MapMaking(config, data, clock);
      Control control =
          Control.start(
              control(s3, edgesKey, maps.options()), new S3Objects(clock), name, clock, random);
      closing.add("the control plane", control);
      Caller.leave(data.path(), config.api().url(control.apiPort()));
      operator.add(new ControlPart(control, clock));
      operator.add(maps);
      Delivery edge =
          Delivery.of(
              result(opening),
              servers.rtmp(),
              Optional.of(config.live().socket()),
              data.folder(Delivery.RECORDINGS),
              config,
              clock);
      closing.add("the edge", edge);
      edge.start();
      edge.show(operator, clock);
      Routing routing = result(loading);
      startDns(routing);
      servers.register(control.fleet(), edge.live(), routing);
      Latest log = follow(operator, edge, routing);
      Hosts hosts = new Hosts(log, routing, config.zone().name());
      RoutingPart routingPart = new RoutingPart(routing, clock, maps::samples);
      operator.add(routingPart);
      operator.page("/route", routingPart::route);
      operator.page("/hosts", _ -> OperatorServer.Answer.text(200, hosts.lines()));
      Reports reports = report(edge, routing);
      parts = new Parts(rootKey, s3, control, routing, edge, reports);
      awaitReady(operator, control, routing);
    }
  }

  private Optional<ObjectStorage> storage(List<AccessKey> keys) throws IOException {
    if (!config.s3().enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        FolderStorage.open(
            URI.create(config.s3().listen().url()),
            data.folder("s3"),
            keys.stream()
                .map(key -> new Credentials(key.accessKeyId(), key.secretAccessKey()))
                .toList(),
            config.s3().anonymousReads()));
  }

  private ControlConfig control(
      Optional<ObjectStorage> s3, AccessKey edgesKey, Optional<MapDesk.Options> maps)
      throws IOException {
    return new ControlConfig(
        data.path(),
        ControlRole.store(config),
        config.secretKeyFile(),
        config.zone().name(),
        config.zone().anycast(),
        config.api().listen().socket(),
        ControlRole.tls(config.api()),
        config.quotas(),
        Optional.of(ControlRole.gate(config)),
        ControlRole.buckets(config, s3.map(storage -> ofEmbedded(storage, edgesKey))),
        ControlRole.timing(config),
        maps,
        config.acme());
  }

  private static List<S3Endpoint> ofEmbedded(ObjectStorage storage, AccessKey key) {
    return Stream.of("s3.amazonaws.com", "s3.*.amazonaws.com")
        .map(suffix ->
            new S3Endpoint(
                suffix, storage.endpoint(), S3_REGION, key.accessKeyId(), key.secretAccessKey()))
        .toList();
  }

  private Edge openEdge() throws IOException {
    List<Listener> listeners = servers.listeners();
    return Edge.open(Rooms.edge(config, data.folder("edge"), listeners, true, clock), leases);
  }

  private void startDns(Routing routing) throws IOException {
    routing.start();
    closing.add("the DNS server", () -> routing.drain(Duration.ZERO));
  }

  private Latest follow(OperatorServer operator, Delivery edge, Routing routing) {
    Detours detours = new Detours(routing.maps()::held);
    edge.edge().direct(detours::better);
    EdgeAtlas atlas = EdgeAtlas.open(config, data.path(), routing.gazetteer());
    closing.add("the tables of places", atlas);
    edge.edge().consult(atlas);
    Shared shared =
        new Shared((next, changes) -> {
          atlas.apply(next, changes);
          detours.apply(next);
          return edge.take(next, changes);
        });
    List<Measuring.Reporter> reporters = new ArrayList<>();
    for (Config.Place place : config.locations()) {
      FollowerIdentity own = identity(OwnServers.edge(place), Server.Role.EDGE, Feature.names());
      Follower follower = follow(operator, own, shared, Set::of, Optional.empty());
      leases.add(follower.lease());
      edge.edge().tell(follower::wrote);
      reporters.add(
          new Measuring.Reporter(own.serverId(), place.location().id(), follower::report));
    }
    measure(operator, edge, reporters);
    Latest log = new Latest(routing);
    Follower _ =
        follow(
            operator,
            identity(OwnServers.DNS, Server.Role.ROUTING, Feature.names()),
            log,
            routing::kept,
            Optional.of(routing.maps()));
    return log;
  }

  private void measure(OperatorServer operator, Delivery edge, List<Measuring.Reporter> reporters) {
    if (config.maps().measured()) {
      Measuring measuring =
          Measuring.start(
              config.maps().paced(config.maps().measuredWindow()),
              new Measuring.Sources(edge.edge()::roundTrips, edge::sentBytes),
              reporters,
              clock);
      closing.add("the measuring of round-trip times", measuring);
      operator.add(measuring);
    }
  }

  private FollowerIdentity identity(String id, Server.Role role, Set<String> features) {
    return new FollowerIdentity(id, role, clock.millis(), features);
  }

  private Follower follow(
      OperatorServer operator,
      FollowerIdentity identity,
      Subscriber subscriber,
      Supplier<Set<String>> kept,
      Optional<MapTaker> maps) {
    String id = identity.serverId();
    Follower follower =
        Follower.start(
            identity,
            data.folder("servers").resolve(id),
            subscriber,
            new Follower.Surroundings(
                () -> InProcessChannelBuilder.forName(name).build(),
                clock,
                random,
                Follower.Timing.STANDARD,
                kept,
                maps));
    closing.add("the follower of " + id, follower);
    operator.add(new FollowerPart(id, follower));
    return follower;
  }

  private Reports report(Delivery edge, Routing routing) {
    List<Reports.Reported> all =
        config.locations().stream()
            .map(place -> new Reports.Reported(OwnServers.edge(place), place.location().id()))
            .toList();
    Reports reports = Reports.start(all, clock.millis(), edge.edge()::revision, routing::heard);
    closing.add("the reports", reports);
    return reports;
  }

  private void awaitReady(OperatorServer operator, Control control, Routing routing)
      throws StartException, InterruptedException {
    long end = clock.nanos() + START_MAX.toNanos();
    List<String> reasons = reasons(operator, control, routing);
    while (!reasons.isEmpty()) {
      if (clock.nanos() > end) {
        throw new StartException("not ready in time: " + String.join("; ", reasons));
      }
      TimeUnit.MILLISECONDS.sleep(5);
      reasons = reasons(operator, control, routing);
    }
  }

  private static List<String> reasons(OperatorServer operator, Control control, Routing routing) {
    List<String> reasons = new ArrayList<>(operator.unready());
    long head = control.head().revision();
    for (ServerStatus server : control.servers()) {
      if (server.presence() != ServerStatus.Presence.LIVE && OwnServers.has(server)) {
        reasons.add("server " + server.serverId() + " is not live");
      } else if (OwnServers.has(server) && server.revision() < head) {
        reasons.add("server " + server.serverId() + " is behind");
      }
    }
    routing
        .status()
        .locations()
        .forEach((location, state) -> {
          if (!state.equals("serving")) {
            reasons.add("location " + location + ": " + state);
          }
        });
    return reasons;
  }

  private static <T> T result(Future<T> future)
      throws IOException, StartException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException known -> throw known;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new StartException("a part did not start", failed);
      }
    }
  }

  /** Returns where the API is, for whoever is in this process. */
  URI api() {
    return config.api().url(serving().control().apiPort());
  }

  /** Returns the key that may do everything. */
  Credentials key() {
    AccessKey key = serving().rootKey();
    return new Credentials(key.accessKeyId(), key.secretAccessKey());
  }

  /** Returns where the embedded S3 is. */
  Optional<URI> s3() {
    return serving().storage().map(ObjectStorage::endpoint);
  }

  /** Returns where DNS is answered. */
  InetSocketAddress dns() {
    return serving().routing().dnsAddresses().getFirst();
  }

  /** Returns how much of objects is in memory at a location, in bytes. */
  long keptBytes(String location) {
    CacheCounters cache = serving().edge().edge().counters().caches().get(location);
    return cache == null ? 0 : cache.memoryBytes();
  }

  Config config() {
    return config;
  }

  @Override
  public Map<String, Object> ready() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("api", api().toString());
    line.put("dns", Rooms.hostAndPort(dns()));
    s3().ifPresent(endpoint -> line.put("s3", endpoint.toString()));
    List<Object> locations = new ArrayList<>();
    for (Config.Place place : config.locations()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", place.location().id());
      one.put("address", place.address());
      locations.add(one);
    }
    line.put("locations", locations);
    line.put("access_key_id", serving().rootKey().accessKeyId());
    line.put("secret_access_key", serving().rootKey().secretAccessKey());
    return line;
  }

  @Override
  public void drain(Duration atMost) {
    Parts all = serving();
    all.reports().drain();
    try {
      all.edge().drain(atMost);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closing.close();
    }
  }

  private Parts serving() {
    Parts all = parts;
    if (all == null) {
      throw new IllegalStateException("not started");
    }
    return all;
  }
}
