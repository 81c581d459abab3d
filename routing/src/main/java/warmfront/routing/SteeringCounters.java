package warmfront.routing;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often which choice was made. Thread-safe. */
final class SteeringCounters {
  private final Map<Basis, LongAdder> bases = new EnumMap<>(Basis.class);
  private final Map<String, LongAdder> locations = new ConcurrentHashMap<>();

  SteeringCounters() {
    for (Basis basis : Basis.values()) {
      bases.put(basis, new LongAdder());
    }
  }

  /** Returns what counts the choices of a location. */
  LongAdder location(String id) {
    return locations.computeIfAbsent(id, _ -> new LongAdder());
  }

  void count(Basis basis, LongAdder location) {
    count(basis);
    location.increment();
  }

  /** Counts a choice that is no location's. */
  void count(Basis basis) {
    LongAdder adder = bases.get(basis);
    if (adder != null) {
      adder.increment();
    }
  }

  Map<Basis, Long> bases() {
    Map<Basis, Long> sums = new EnumMap<>(Basis.class);
    bases.forEach((basis, adder) -> sums.put(basis, adder.sum()));
    return sums;
  }

  Map<String, Long> locations() {
    Map<String, Long> sums = new TreeMap<>();
    locations.forEach((location, adder) -> sums.put(location, adder.sum()));
    sums.values().removeIf(count -> count == 0);
    return sums;
  }
}
