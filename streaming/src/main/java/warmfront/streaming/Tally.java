package warmfront.streaming;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import warmfront.streaming.play.Event;

/** Counts what viewers do and are sent. Thread-safe. */
final class Tally {
  private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
  private final Map<Event.Kind, LongAdder> events = new ConcurrentHashMap<>();

  Tally() {
    for (Event.Kind kind : Event.Kind.values()) {
      events.put(kind, new LongAdder());
    }
  }

  /** Returns the counter of a location's bytes. */
  LongAdder at(String location) {
    return sent.computeIfAbsent(location, _ -> new LongAdder());
  }

  void happened(Event.Kind kind) {
    events.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  Map<String, Long> sent() {
    return sums(sent);
  }

  Map<Event.Kind, Long> events() {
    return sums(events);
  }

  private static <K> Map<K, Long> sums(Map<K, LongAdder> counters) {
    Map<K, Long> sums = new HashMap<>();
    counters.forEach((name, count) -> sums.put(name, count.sum()));
    return sums;
  }
}
