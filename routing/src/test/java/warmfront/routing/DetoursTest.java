package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.routing.map.Rules;
import warmfront.routing.map.Terrain;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.snapshot.Snapshot;
import warmfront.time.ManualClock;

/** When a viewer who is at a location is better sent on. */
final class DetoursTest {
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.9");

  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Snapshot snapshot = Pictures.five().snapshot();

  private Optional<String> better(String here, PriceClass asked, Map<String, Double> millis) {
    return better(Rules.NONE, here, asked, millis);
  }

  private Optional<String> better(
      Rules rules, String here, PriceClass asked, Map<String, Double> millis) {
    MapMaker maker = new MapMaker(Terrain.NONE, MapLimits.DEFAULT, clock);
    maker.obey(rules);
    List<Location> locations = List.copyOf(snapshot.all(Kind.LOCATION, Location.class));
    maker.make(locations, Map.of());
    Prefix prefix = Prefix.parse("192.0.2.0/24");
    millis.forEach((location, time) ->
        maker.take(
            new RttReport(
                location,
                location,
                0,
                List.of(new Measured(prefix, 200, Math.log(time * 1000), 1, 1)))));
    clock.advance(Duration.ofMinutes(1));
    maker.make(locations, Map.of());
    Optional<LatencyMap> map =
        maker
            .since(0)
            .map(edition -> LatencyMap.read(edition.content()))
            .map(read -> ((LatencyMap.Read.Sound) read).map());
    Detours detours = new Detours(() -> map);
    detours.apply(snapshot);
    return detours.better(VIEWER, here, asked);
  }

  @Test
  void a_viewer_far_from_the_best_is_sent_there() {
    assertThat(better("FRA", PriceClass.PRICE_CLASS_ALL, Map.of("SYD", 8.0, "FRA", 90.0)))
        .contains("SYD");
  }

  @Test
  void what_a_viewer_would_not_feel_is_not_done() {
    assertThat(better("FRA", PriceClass.PRICE_CLASS_ALL, Map.of("SYD", 8.0, "FRA", 24.0)))
        .isEmpty();
    assertThat(better("FRA", PriceClass.PRICE_CLASS_ALL, Map.of("SYD", 200.0, "FRA", 240.0)))
        .isEmpty();
    assertThat(better("SYD", PriceClass.PRICE_CLASS_ALL, Map.of("SYD", 8.0, "FRA", 90.0)))
        .isEmpty();
  }

  @Test
  void only_locations_of_the_price_class_are_for_it() {
    assertThat(
            better("FRA", PriceClass.PRICE_CLASS_100, Map.of("SYD", 8.0, "CMH", 20.0, "FRA", 90.0)))
        .contains("CMH");
  }

  @Test
  void a_location_that_was_not_measured_is_not_left_on_a_guess() {
    assertThat(better("GRU", PriceClass.PRICE_CLASS_ALL, Map.of("SYD", 8.0))).isEmpty();
  }

  @Test
  void the_operators_word_needs_no_measurement() throws Exception {
    Rules rules =
        ((Rules.Read.Loaded) Rules.read(new StringReader("192.0.2.0/24,pin,NRT"))).rules();

    assertThat(better(rules, "FRA", PriceClass.PRICE_CLASS_ALL, Map.of())).contains("NRT");
  }

  @Test
  void without_a_map_everyone_stays() {
    assertThat(new Detours(Optional::empty).better(VIEWER, "FRA", PriceClass.PRICE_CLASS_ALL))
        .isEmpty();
  }
}
