package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.put;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Reach;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.peer.Limits;
import warmfront.edge.peer.Outcome;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/** Edges of several locations that ask the Origin Shield's servers over the port between edges. */
final class TierPortTest {
  private static final List<String> IDS = List.of("fra-1", "fra-2", "nrt-1", "cmh-1");

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T12:00:00Z"));
  private final ScriptedOrigin origin;
  private final FleetAuthority fleet = new FleetAuthority();
  private final Map<String, Edge> edges = new LinkedHashMap<>();
  private final Map<String, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
  private Snapshot picture = Snapshot.empty();

  TierPortTest() throws IOException {
    origin = new ScriptedOrigin();
  }

  private static Location location(String id) {
    return switch (id.substring(0, 3)) {
      case "fra" -> place("FRA", 50.0, 8.6);
      case "nrt" -> place("NRT", 35.8, 140.4);
      default -> place("CMH", 40.0, -82.9);
    };
  }

  private static Location place(String code, double north, double east) {
    return new Location(
        code, code, "DE", north, east, PriceClass.PRICE_CLASS_ALL, 100, Optional.empty());
  }

  @BeforeEach
  void open() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    for (String id : IDS) {
      var identity = fleet.server(id);
      Edge edge =
          Edge.open(
              new EdgeConfig(
                  folder.resolve(id),
                  List.of(new Listener(free, new Place(location(id), false, 8443))),
                  1,
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
                      id,
                      () -> identity,
                      new Listener(free, new Place(location(id), true, 8443)),
                      Limits.BETWEEN_LOCATIONS)),
              () -> true);
      edges.put(id, edge);
      addresses.put(id, edge.start());
    }
    add(policy("P"));
    for (String id : IDS) {
      add(location(id));
      add(server(id));
    }
    add(
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            origin("origin.test", origin.port())
                .withReach(
                    new Reach(Optional.empty(), Reach.Family.IPV4, Optional.of("eu-central-1"))),
            behavior("*", "P")));
    edges
        .values()
        .forEach(
            edge -> assertThat(edge.take(picture, List.of())).isEqualTo(new Verdict.Applied()));
    origin.says("/", 200, "hello", "Cache-Control", "max-age=60");
  }

  private void add(Resource resource) {
    picture = picture.after(put(picture, resource));
  }

  private Server server(String id) {
    int port = Objects.requireNonNull(addresses.get(id)).getLast().getPort();
    return new Server(
        id,
        Server.Role.EDGE,
        location(id).id(),
        List.of("http://127.0.0.1:1", "peer://127.0.0.1:" + port),
        List.of(),
        List.of(),
        100,
        Server.State.ACTIVE);
  }

  @AfterEach
  void close() {
    edges.values().forEach(Edge::close);
    origin.close();
  }

  private Visitor.Answer get(String id, String target) throws IOException {
    InetSocketAddress at = Objects.requireNonNull(addresses.get(id)).getFirst();
    return new Visitor(at, LiveEdge.HOST).get(target);
  }

  private Map<Outcome, Long> asked(String id) {
    return Objects.requireNonNull(
        Objects.requireNonNull(edges.get(id)).counters().tiers().getOrDefault("FRA", Map.of()));
  }

  @Test
  void far_locations_ask_the_server_that_keeps_the_object_at_the_shield() throws IOException {
    for (int i = 0; i < 8; i++) {
      String path = "/" + i;
      assertThat(get("nrt-1", path).field("X-Cache")).isEqualTo("Miss from cloudfront");
      Visitor.Answer second = get("cmh-1", path);
      assertThat(second.field("X-Cache")).isEqualTo("Hit from cloudfront");
      assertThat(second.field("Cache-Status")).contains("detail=origin-shield");
      assertThat(get("fra-1", path).body()).isEqualTo("hello");
      assertThat(get("fra-2", path).body()).isEqualTo("hello");
    }
    assertThat(origin.asked).hasSize(8);
    assertThat(asked("nrt-1")).containsEntry(Outcome.MISS, 8L);
    assertThat(asked("cmh-1")).containsEntry(Outcome.HIT, 8L);
  }

  @Test
  void a_dead_shield_is_passed_by() throws IOException {
    Objects.requireNonNull(edges.get("fra-1")).close();
    Objects.requireNonNull(edges.get("fra-2")).close();

    assertThat(get("nrt-1", "/a").body()).isEqualTo("hello");
    assertThat(get("cmh-1", "/a").body()).isEqualTo("hello");
    assertThat(get("cmh-1", "/a").field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(origin.asked).hasSize(2);
    assertThat(asked("nrt-1")).containsEntry(Outcome.FAILED, 1L);
  }

  @Test
  void one_dead_server_of_the_shield_leaves_the_other() throws IOException {
    Objects.requireNonNull(edges.get("fra-1")).close();

    for (int i = 0; i < 8; i++) {
      get("nrt-1", "/" + i);
      get("cmh-1", "/" + i);
    }

    assertThat(origin.asked).hasSize(8);
  }

  @Test
  void a_shield_that_is_behind_gives_nothing_that_was_invalidated() throws IOException {
    get("nrt-1", "/a");
    Invalidation all = new Invalidation("I1", "EA", List.of("/*"));
    Entry entry = put(picture, all);
    picture = picture.after(entry);
    Objects.requireNonNull(edges.get("nrt-1")).take(picture, List.of(entry));

    Visitor.Answer answer = get("nrt-1", "/a");

    assertThat(answer.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(origin.asked).hasSize(2);
    assertThat(asked("nrt-1")).containsEntry(Outcome.FAILED, 1L);
  }
}
