package warmfront.routing.map;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

/** A map maker, window by window: says what is measured, and asks where ranges are sent. */
final class Windows {
  final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  final List<Location> locations = new ArrayList<>();
  final Map<String, Double> loads = new HashMap<>();
  final MapMaker maker;
  private final Map<String, List<Measured>> rows = new TreeMap<>();

  Windows(Terrain terrain, MapLimits limits) {
    maker = new MapMaker(terrain, limits, clock);
  }

  Windows() {
    this(Terrain.NONE, MapLimits.DEFAULT);
  }

  /** Three locations in a row along the equator. */
  static Windows three(Terrain terrain) {
    return new Windows(terrain, MapLimits.DEFAULT)
        .location("AAA", 0, 0)
        .location("BBB", 0, 20)
        .location("CCC", 0, 40);
  }

  Windows location(String code, double latitude, double longitude) {
    locations.add(
        new Location(
            code,
            code,
            "ZZ",
            latitude,
            longitude,
            PriceClass.PRICE_CLASS_100,
            10,
            Optional.empty()));
    return this;
  }

  Windows measured(String location, String viewers, double millis, int samples) {
    rows.computeIfAbsent(location, _ -> new ArrayList<>())
        .add(
            new Measured(
                Prefix.parse(viewers),
                samples,
                Math.log(millis * 1000),
                samples * 0.01,
                (int) (millis * 900)));
    return this;
  }

  /** Ends a window of a minute. */
  Optional<MapMaker.Made> end() {
    clock.advance(Duration.ofMinutes(1));
    rows.forEach((location, own) -> maker.take(new RttReport(location + "-1", location, 0, own)));
    rows.clear();
    return maker.make(locations, loads);
  }

  /** Returns the list of an address; empty if the map says nothing of it. */
  Optional<CandidateList> list(String address) {
    Prefix one = Prefix.parse(address);
    return maker
        .newest()
        .flatMap(map -> {
          int list = map.ranges(one.family()).value(one.bits());
          return list == Ranges.NONE ? Optional.empty() : Optional.of(map.lists().get(list));
        });
  }

  /** Returns the codes of an address's list, best first. */
  List<String> codes(String address) {
    List<String> known = maker.newest().orElseThrow().head().locations();
    List<String> codes = new ArrayList<>();
    list(address)
        .ifPresent(list -> {
          for (int rank = 0; rank < list.size(); rank++) {
            codes.add((list.isAvoided(rank) ? "-" : "") + known.get(list.location(rank)));
          }
        });
    return codes;
  }

  String first(String address) {
    List<String> codes = codes(address);
    return codes.isEmpty() ? "" : codes.getFirst();
  }
}
