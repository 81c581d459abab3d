package warmfront.streaming.origin;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import warmfront.time.Clock;

/** What the connections of an origin share. */
final class Door {
  private final Stations stations;
  private final Source source;
  private final OriginLimits limits;
  private final Clock clock;
  private final Heads heads;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder requests = new LongAdder();

  Door(Stations stations, Source source, OriginLimits limits, Clock clock) {
    this.stations = stations;
    this.source = source;
    this.limits = limits;
    this.clock = clock;
    this.heads = new Heads(clock);
  }

  Stations stations() {
    return stations;
  }

  Source source() {
    return source;
  }

  OriginLimits limits() {
    return limits;
  }

  Clock clock() {
    return clock;
  }

  Heads heads() {
    return heads;
  }

  /** Takes a connection in; false if there are too many. */
  boolean enter() {
    if (connections.incrementAndGet() <= limits.connections()) {
      return true;
    }
    connections.decrementAndGet();
    return false;
  }

  void leave() {
    connections.decrementAndGet();
  }

  /** Lets a request wait; false if too many do. */
  boolean sit() {
    if (waiting.incrementAndGet() <= limits.waiting()) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  void rise() {
    waiting.decrementAndGet();
  }

  void counted() {
    requests.increment();
  }

  LiveOrigin.Counters counters() {
    return new LiveOrigin.Counters(
        connections.get(), waiting.get(), stations.count(), requests.sum());
  }
}
