package warmfront.routing.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Location;
import warmfront.distribution.Rendezvous;
import warmfront.routing.place.Coordinates;

/**
 * Small numbers for locations, which stay while a location does; the number of one that left is
 * given to another only when nothing remembers it. Owned by the map maker.
 */
final class Numbering {
  /** Most locations of a fleet: as many as ten bits count, but one. */
  static final int LOCATIONS_MAX = 1023;

  /** Light in fibre takes a hundredth of a millisecond for a kilometre there and back. */
  private static final double FIBRE_MILLIS_PER_KM = 0.01;

  private final List<@Nullable Location> locations = new ArrayList<>();
  private final List<Long> since = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private long topology;

  /**
   * Numbers these locations and no other.
   *
   * @return the numbers of those that left, to be forgotten before the next call
   */
  List<Integer> use(List<Location> next, long nowMillis) {
    if (next.size() > LOCATIONS_MAX) {
      throw new IllegalArgumentException(
          "a map knows at most %d locations".formatted(LOCATIONS_MAX));
    }
    Map<String, Location> wanted = new HashMap<>();
    next.forEach(location -> wanted.put(location.id(), location));
    List<Integer> left = new ArrayList<>();
    for (int number = 0; number < locations.size(); number++) {
      Location old = locations.get(number);
      if (old != null && !wanted.containsKey(old.id())) {
        left.add(number);
        numbers.remove(old.id());
        locations.set(number, null);
      }
    }
    for (Location location : next) {
      Integer known = numbers.get(location.id());
      if (known == null) {
        add(location, left, nowMillis);
      } else {
        locations.set(known, location);
      }
    }
    topology = hash(next);
    return left;
  }

  private void add(Location location, List<Integer> left, long nowMillis) {
    for (int number = 0; number < locations.size(); number++) {
      if (locations.get(number) == null && !left.contains(number)) {
        locations.set(number, location);
        since.set(number, nowMillis);
        numbers.put(location.id(), number);
        return;
      }
    }
    numbers.put(location.id(), locations.size());
    locations.add(location);
    since.add(nowMillis);
  }

  private static long hash(List<Location> locations) {
    long sum = 0;
    for (Location one : locations) {
      long hash = Rendezvous.mix(one.id().hashCode());
      hash = Rendezvous.mix(hash ^ Double.doubleToLongBits(one.latitude()));
      sum += Rendezvous.mix(hash ^ Double.doubleToLongBits(one.longitude()));
    }
    return sum;
  }

  /** Returns the number of a location; negative if there is none of that code. */
  int number(String code) {
    return numbers.getOrDefault(code, -1);
  }

  /** Returns the location of a number; empty if none has it now. */
  Optional<Location> location(int number) {
    return number < locations.size()
        ? Optional.ofNullable(locations.get(number))
        : Optional.empty();
  }

  boolean isUsed(int number) {
    return number >= 0 && number < locations.size() && locations.get(number) != null;
  }

  /** Returns how long a location has been there, in milliseconds. */
  long ageMillis(int number, long nowMillis) {
    return nowMillis - since.get(number);
  }

  /** Returns the number after the highest one. */
  int size() {
    return locations.size();
  }

  /** Returns a hash of which locations there are, and where. */
  long topology() {
    return topology;
  }

  /** Returns the codes by number, empty where nobody has it. */
  List<String> codes() {
    return locations.stream().map(one -> one == null ? "" : one.id()).toList();
  }

  /** Returns the least round-trip time between two places that physics allows, in milliseconds. */
  static double leastMillis(Coordinates one, Coordinates other, double slackKilometres) {
    return Math.max(0, one.kilometresTo(other) - slackKilometres) * FIBRE_MILLIS_PER_KM;
  }

  /** Returns since when a location has been there, in milliseconds since 1970. */
  long sinceMillis(int number) {
    return since.get(number);
  }

  /** Takes the numbers that another process gave. */
  void restore(List<Optional<Location>> numbered, List<Long> sinceMillis) {
    locations.clear();
    since.clear();
    numbers.clear();
    for (int number = 0; number < numbered.size(); number++) {
      Location location = numbered.get(number).orElse(null);
      locations.add(location);
      since.add(sinceMillis.get(number));
      if (location != null) {
        numbers.put(location.id(), number);
      }
    }
    topology = hash(locations.stream().filter(Objects::nonNull).toList());
  }
}
