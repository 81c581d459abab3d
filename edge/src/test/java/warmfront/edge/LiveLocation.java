package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.put;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.peer.Counts;
import warmfront.edge.peer.Keeping;
import warmfront.edge.peer.Limits;
import warmfront.edge.peer.Siblings;
import warmfront.edge.policy.HashKey;
import warmfront.edge.policy.Keys;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/** Several servers of one location over real sockets, before one site, www.example.com. */
final class LiveLocation implements AutoCloseable {
  /** Nothing becomes hot, and nobody has to be quick. */
  static final Limits CALM = limits(Duration.ofSeconds(20), 1000);

  static final String HOST = "www.example.com";
  static final List<String> IDS = List.of("fra-1", "fra-2", "fra-3");

  final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T12:00:00Z"));
  final ScriptedOrigin origin;
  final FleetAuthority fleet = new FleetAuthority();
  private Limits limits = Limits.DEFAULT;
  private final Map<String, Edge> edges = new HashMap<>();
  private final Map<String, List<InetSocketAddress>> addresses = new HashMap<>();
  private Snapshot picture = Snapshot.empty();

  LiveLocation() throws IOException {
    origin = new ScriptedOrigin();
  }

  /**
   * Returns limits that are as usual else.
   *
   * @param behind how long an owner waits for changes that the asking server knows of
   * @param hotRequests how many requests make an object hot
   */
  static Limits limits(Duration behind, int hotRequests) {
    return new Limits(
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(3),
        behind,
        hotRequests,
        Duration.ofSeconds(10));
  }

  /** Starts the servers with one distribution of one policy. */
  LiveLocation open(Path folder, Limits limits, CachePolicy policy) throws IOException {
    return started(folder, limits).serving(List.of(policy), behavior("*", policy.id()));
  }

  /** Starts the servers; they serve nothing yet. */
  LiveLocation started(Path data, Limits patience) throws IOException {
    limits = patience;
    for (String id : IDS) {
      Edge edge = opened(data.resolve(id), id);
      edges.put(id, edge);
      addresses.put(id, edge.start());
    }
    return this;
  }

  private Edge opened(Path data, String id) throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var identity = fleet.server(id);
    return Edge.open(
        new EdgeConfig(
            data,
            List.of(new Listener(free, Visits.HTTP)),
            2,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            new EdgeConfig.Outside(
                OriginRules.ONE_PROCESS,
                _ -> List.of(InetAddress.getLoopbackAddress()),
                Optional.empty()),
            false,
            EdgeConfig.Limits.standard(),
            clock,
            new SplittableRandom(id.hashCode())),
        Optional.of(
            new PeerConfig(
                id, () -> identity, new Listener(free, new Place(Visits.FRA, true, 8443)), limits)),
        () -> true);
  }

  /** Registers the servers and serves the site, under these policies. */
  LiveLocation serving(List<CachePolicy> policies, Behavior otherwise, Behavior... behaviors) {
    return serving(
        policies,
        distribution(
            "EA", List.of(HOST), origin("origin.test", origin.port()), otherwise, behaviors));
  }

  LiveLocation serving(List<CachePolicy> policies, Distribution site) {
    List<Resource> all = new ArrayList<>(policies);
    all.add(site);
    IDS.forEach(id -> all.add(server(id)));
    for (Resource resource : all) {
      picture = picture.after(put(picture, resource));
    }
    for (String id : IDS) {
      assertThat(edge(id).take(picture, List.of())).isEqualTo(new Verdict.Applied());
    }
    return this;
  }

  Server server(String id) {
    return new Server(
        id,
        Server.Role.EDGE,
        "FRA",
        List.of("http://127.0.0.1:1", "peer://127.0.0.1:" + peerAddress(id).getPort()),
        List.of(),
        List.of(),
        100,
        Server.State.ACTIVE);
  }

  /** Publishes a change; these servers take it now. */
  void change(Resource resource, List<String> ids) {
    Entry entry = put(picture, resource);
    picture = picture.after(entry);
    for (String id : ids) {
      take(id, entry);
    }
  }

  /** A server takes the last change. */
  void take(String id, Entry entry) {
    assertThat(edge(id).take(picture, List.of(entry))).isEqualTo(new Verdict.Applied());
  }

  /** Returns the change that would be published. */
  Entry entry(Resource resource) {
    return put(picture, resource);
  }

  Snapshot picture() {
    return picture;
  }

  Edge edge(String id) {
    return Objects.requireNonNull(edges.get(id));
  }

  InetSocketAddress peerAddress(String id) {
    return Objects.requireNonNull(addresses.get(id)).getLast();
  }

  Visitor visitor(String id) {
    return new Visitor(Objects.requireNonNull(addresses.get(id)).getFirst(), HOST);
  }

  Counts peers(String id) {
    return edge(id).counters().peers();
  }

  long objects(String id) {
    return Objects.requireNonNull(edge(id).counters().caches().get("FRA")).memoryObjects();
  }

  /**
   * Returns the servers, the owner of what a GET of the target names first.
   *
   * @param policy the behavior's
   */
  List<String> ranking(String target, CachePolicy policy) {
    CacheKey key =
        new Keys(new HashKey(0, 0))
            .key(
                Pictures.route(
                    distribution("EA", List.of(HOST), Pictures.behavior("*", policy.id())), policy),
                Visits.get(HOST, target));
    for (String first : IDS) {
      Siblings view = new Siblings(first, "FRA", limits, clock);
      view.apply(picture);
      if (view.keeping(key) instanceof Keeping.Here) {
        return ranking(first, key);
      }
    }
    throw new AssertionError("nobody owns " + target);
  }

  /** The last of three asks the two others. */
  private List<String> ranking(String first, CacheKey key) {
    for (String last : IDS) {
      Siblings view = new Siblings(last, "FRA", limits, clock);
      view.apply(picture);
      if (view.keeping(key) instanceof Keeping.There there && there.owners().size() == 2) {
        assertThat(there.owners().getFirst().id()).isEqualTo(first);
        return List.of(first, there.owners().getLast().id(), last);
      }
    }
    throw new AssertionError("all own it");
  }

  @Override
  public void close() {
    try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
      edges.values().forEach(edge -> side.execute(edge::close));
    }
    origin.close();
  }
}
