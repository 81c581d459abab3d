package warmfront.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import warmfront.distribution.Location;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.place.Coordinates;
import warmfront.routing.place.Countries;

/** In which order the locations are near to viewers of whom something is known. Immutable. */
final class Ranking {
  /**
   * A location and how far it is thought to be.
   *
   * @param location its index
   * @param millis the round-trip time, in milliseconds
   * @param measured whether it was measured, not guessed
   */
  record Estimate(int location, double millis, boolean measured) {}

  private static final Comparator<Estimate> NEAREST =
      Comparator.comparingDouble(Estimate::millis).thenComparingInt(Estimate::location);

  private final List<Location> locations;
  private final Countries countries;

  Ranking(List<Location> locations, Countries countries) {
    this.locations = List.copyOf(locations);
    this.countries = countries;
  }

  /**
   * Returns the locations by measured times, nearest first; a location without one is taken to be
   * as far as the best measured one and from there onward. Empty if none of ours was measured.
   */
  Optional<List<Estimate>> byTimes(LatencyTable.Row row) {
    Map<String, Double> millis = row.millis();
    return indexes()
        .filter(i -> millis.containsKey(locations.get(i).id()))
        .mapToObj(i -> new Estimate(i, millis.getOrDefault(locations.get(i).id(), 0.0), true))
        .min(NEAREST)
        .map(best -> withGuesses(millis, best));
  }

  private List<Estimate> withGuesses(Map<String, Double> millis, Estimate best) {
    Coordinates from = place(locations.get(best.location()));
    return indexes()
        .mapToObj(i -> {
          Double measured = millis.get(locations.get(i).id());
          return measured != null
              ? new Estimate(i, measured, true)
              : new Estimate(i, best.millis() + from.millisTo(place(locations.get(i))), false);
        })
        .sorted(NEAREST)
        .toList();
  }

  /** Returns the locations by great circle, nearest first; empty if the country is unknown. */
  Optional<List<Estimate>> byCountry(String code) {
    return countries
        .find(code)
        .map(from ->
            indexes()
                .mapToObj(i -> new Estimate(i, from.millisTo(place(locations.get(i))), false))
                .sorted(NEAREST)
                .toList());
  }

  private IntStream indexes() {
    return IntStream.range(0, locations.size());
  }

  private static Coordinates place(Location location) {
    return new Coordinates(location.latitude(), location.longitude());
  }
}
