package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.put;
import static warmfront.edge.Pictures.snapshot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Location;
import warmfront.distribution.Resource;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/**
 * A whole edge over real sockets before one site, www.example.com, with an origin and a clock of
 * the test's.
 */
final class LiveEdge implements AutoCloseable {
  static final String HOST = "www.example.com";

  final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T12:00:00Z"));
  final ScriptedOrigin origin;
  private final Path data;
  private final EdgeConfig.Storage storage;
  private final List<Location> locations;
  private final boolean secure;
  private Edge edge;
  private List<InetSocketAddress> addresses;
  private Snapshot picture = Snapshot.empty();

  /** Starts one that serves nothing yet. */
  LiveEdge(Path data, EdgeConfig.Storage storage, Location... locations) throws IOException {
    this(data, storage, false, List.of(locations));
  }

  /** Starts one that is spoken to over TLS, with 16 MiB of memory in Frankfurt. */
  static LiveEdge secure(Path data) throws IOException {
    return new LiveEdge(
        data,
        new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
        true,
        List.of(Visits.FRA));
  }

  private LiveEdge(Path data, EdgeConfig.Storage storage, boolean secure, List<Location> locations)
      throws IOException {
    this.data = data;
    this.storage = storage;
    this.secure = secure;
    this.locations = locations;
    origin = new ScriptedOrigin();
    edge = opened();
    addresses = edge.start();
  }

  private Edge opened() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Edge.open(
        new EdgeConfig(
            data,
            locations.stream()
                .map(location -> new Listener(free, new Place(location, secure, 8443)))
                .toList(),
            2,
            storage,
            new EdgeConfig.Outside(
                OriginRules.ONE_PROCESS,
                _ -> List.of(InetAddress.getLoopbackAddress()),
                Optional.empty()),
            true,
            EdgeConfig.Limits.standard(),
            clock,
            new SplittableRandom(1)));
  }

  /** Serves the site, under these policies. */
  LiveEdge serving(List<CachePolicy> policies, Behavior otherwise, Behavior... behaviors) {
    List<Resource> all = new ArrayList<>(policies);
    all.add(
        distribution(
            "EA", List.of(HOST), origin("origin.test", origin.port()), otherwise, behaviors));
    picture = snapshot(all.toArray(Resource[]::new));
    take();
    return this;
  }

  private void take() {
    assertThat(edge.take(picture, List.of())).isEqualTo(new Verdict.Applied());
  }

  /** Changes what is served, if the edge can serve it. */
  Verdict change(Resource resource) {
    Entry entry = put(picture, resource);
    Snapshot next = picture.after(entry);
    Verdict verdict = edge.take(next, List.of(entry));
    if (verdict instanceof Verdict.Applied) {
      picture = next;
    }
    return verdict;
  }

  /** Ends it and starts it again on the same disk. */
  void restart() throws IOException {
    edge.close();
    edge = opened();
    addresses = edge.start();
    take();
  }

  Edge edge() {
    return edge;
  }

  InetSocketAddress address() {
    return addresses.getFirst();
  }

  Visitor visitor() {
    return visitor(0, HOST);
  }

  /** Returns a viewer at one of the locations. */
  Visitor visitor(int location, String host) {
    return new Visitor(addresses.get(location), host);
  }

  /** Waits until so many requests are finished for the edge: all their bytes are the kernel's. */
  void awaitFinished(int requests) {
    eventually(() ->
        edge.counters().requests().requests().stream().mapToLong(Counters.Requests::count).sum()
            >= requests);
  }

  static void eventually(BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    edge.close();
    origin.close();
  }
}
