package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.heartbeat.Heartbeat;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.routing.map.Rules;
import warmfront.routing.map.Terrain;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

/** What is answered where the latency map says something. */
final class MappedSteerTest {
  private static final String VIEWER = "192.0.2.9";

  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MapMaker maker = new MapMaker(Terrain.NONE, MapLimits.DEFAULT, clock);
  private final Pictures pictures =
      Pictures.five()
          .published("E1", "d1.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL)
          .published("E2", "d2.warmfront.localhost", true, PriceClass.PRICE_CLASS_100)
          .unexploring("E3", "d3.warmfront.localhost");
  @TempDir private Path folder;
  private Routing routing;

  @BeforeEach
  void start() throws IOException {
    routing = routing();
    routing.take(pictures.snapshot(), List.of());
  }

  private Routing routing() throws IOException {
    return Routing.load(
        new RoutingConfig(
            Pictures.zone(),
            List.of(Pictures.free("127.0.0.1")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(folder),
            RoutingConfig.Limits.DEFAULT),
        clock);
  }

  /** Makes a map of times to some of the five locations. */
  private MapEdition measured(Map<String, Double> millis) {
    List<Location> locations = List.copyOf(pictures.snapshot().all(Kind.LOCATION, Location.class));
    maker.make(locations, Map.of());
    millis.forEach((location, time) ->
        maker.take(
            new RttReport(
                location,
                location,
                0,
                List.of(
                    new Measured(
                        Prefix.parse("192.0.2.0/24"), 200, Math.log(time * 1000), 1, 1)))));
    clock.advance(Duration.ofMinutes(1));
    maker.make(locations, Map.of());
    return maker.since(0).orElseThrow();
  }

  private Explanation.Routed explained(String distribution) {
    return (Explanation.Routed)
        routing.route(InetAddress.ofLiteral(VIEWER), Optional.of(distribution));
  }

  private String answered(String distribution) {
    return explained(distribution).location().orElseThrow();
  }

  @Test
  void the_map_is_answered_by_as_soon_as_it_is_taken() {
    assertThat(explained("E1").basis()).isEqualTo(Basis.RENDEZVOUS);

    MapTaker.Taken taken = routing.maps().take(measured(Map.of("SYD", 5.0, "FRA", 50.0)));

    assertThat(taken).isInstanceOf(MapTaker.Taken.Answered.class);
    Explanation.Routed routed = explained("E1");
    assertThat(routed.location()).contains("SYD");
    assertThat(routed.basis()).isEqualTo(Basis.MAP);
    assertThat(routed.mapped().orElseThrow().version()).isEqualTo(1);
    assertThat(routed.candidates().getFirst().millis().orElseThrow()).isBetween(4.5, 5.6);
    assertThat(routed.candidates().getFirst().measured()).isTrue();
    assertThat(routed.range()).isEqualTo("192.0.2.0/24");
    assertThat(routing.counts().bases()).containsKey(Basis.MAP);
  }

  @Test
  void the_price_class_is_minded_along_the_list_and_then_among_the_others() {
    routing.maps().take(measured(Map.of("SYD", 5.0, "NRT", 30.0, "FRA", 50.0)));

    assertThat(answered("E2")).isEqualTo("FRA");

    routing.maps().take(measured(Map.of("SYD", 5.0, "NRT", 4.0)));
    pictures.server("fra-1", "FRA", List.of(), List.of());
    routing.take(pictures.snapshot(), List.of());

    assertThat(answered("E2")).isEqualTo("CMH");
  }

  @Test
  void a_location_that_died_gives_way_to_the_next_of_the_list() {
    routing.maps().take(measured(Map.of("SYD", 5.0, "FRA", 50.0, "GRU", 20.0)));
    for (String id : List.of("cmh-1", "fra-1", "nrt-1", "gru-1", "syd-1")) {
      String location = id.substring(0, 3).toUpperCase(Locale.ROOT);
      boolean serving = !id.equals("syd-1");
      routing.heard(new Heartbeat(id, location, 1, 1, 7, serving, false, 0));
    }
    routing.refresh();

    assertThat(answered("E1")).isEqualTo("GRU");
  }

  @Test
  void the_last_map_is_there_after_a_restart() throws IOException {
    routing.maps().take(measured(Map.of("SYD", 5.0, "FRA", 50.0)));

    routing = routing();
    routing.take(pictures.snapshot(), List.of());

    assertThat(routing.maps().version()).isEqualTo(1);
    assertThat(answered("E1")).isEqualTo("SYD");
  }

  @Test
  void the_operators_word_is_obeyed_and_an_answer_is_never_empty() throws IOException {
    String rules = "192.0.2.0/24,pin,GRU\n";
    maker.obey(((Rules.Read.Loaded) Rules.read(new StringReader(rules))).rules());
    routing.maps().take(measured(Map.of("SYD", 5.0, "FRA", 50.0)));
    assertThat(answered("E1")).isEqualTo("GRU");
    assertThat(explained("E1").detail()).contains("pinned");

    pictures.server("gru-1", "GRU", List.of(), List.of());
    routing.take(pictures.snapshot(), List.of());

    assertThat(explained("E1").location()).isPresent().isNotEqualTo(Optional.of("GRU"));
  }

  @Test
  void what_is_forbidden_is_answered_only_when_nothing_else_is_left() throws IOException {
    String rules = "192.0.2.0/24,forbid,SYD\n";
    maker.obey(((Rules.Read.Loaded) Rules.read(new StringReader(rules))).rules());
    routing.maps().take(measured(Map.of("SYD", 5.0, "FRA", 50.0)));
    assertThat(answered("E1")).isEqualTo("FRA");

    for (String id : List.of("cmh", "fra", "nrt", "gru")) {
      pictures.server(id + "-1", id.toUpperCase(Locale.ROOT), List.of(), List.of());
    }
    routing.take(pictures.snapshot(), List.of());

    assertThat(answered("E1")).isEqualTo("SYD");
  }

  @Test
  void in_some_slots_of_a_second_a_range_is_sent_to_be_measured() {
    routing.maps().take(measured(Map.of("SYD", 40.0)));
    assertThat(explained("E1").mapped().orElseThrow().explored()).isNotEmpty();
    List<Integer> slots = new ArrayList<>();
    for (int slot = 0; slot < 3000; slot++) {
      Explanation.Routed now = explained("E1");
      assertThat(answered("E1")).isEqualTo(now.location().orElseThrow());
      if (now.basis() == Basis.EXPLORATION) {
        slots.add(slot);
        assertThat(now.location().orElseThrow()).isNotEqualTo("SYD");
      } else {
        assertThat(now.location()).contains("SYD");
      }
      assertThat(answered("E3")).isEqualTo("SYD");
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(slots.size()).isBetween(8, 50); // 7 in 1000 for so many viewers, give or take
  }
}
