package warmfront.streaming.rtmp;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of connections. Thread-safe. */
final class Tally {
  private final Limits.Connection limits;
  private final AtomicLong open = new AtomicLong();
  private final ConcurrentMap<InetAddress, Integer> ofAddress = new ConcurrentHashMap<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder unrecognised = new LongAdder();
  private final LongAdder handshakesFailed = new LongAdder();
  private final Map<Variant, LongAdder> links = new EnumMap<>(Variant.class);
  private final Map<Ending, LongAdder> ended = new EnumMap<>(Ending.class);

  Tally(Limits.Connection limits) {
    this.limits = limits;
    for (Variant variant : Variant.values()) {
      links.put(variant, new LongAdder());
    }
    for (Ending ending : Ending.values()) {
      ended.put(ending, new LongAdder());
    }
  }

  /** Counts a connection; false if it is one too many. {@link #closed} follows in any case. */
  boolean opened(InetAddress address) {
    accepted.increment();
    int same = ofAddress.merge(address, 1, Integer::sum);
    if (open.incrementAndGet() > limits.openMax() || same > limits.ofAddressMax()) {
      turnedAway.increment();
      return false;
    }
    return true;
  }

  void closed(InetAddress address) {
    open.decrementAndGet();
    ofAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  void unrecognised() {
    unrecognised.increment();
  }

  /** Counts a peer with which TLS could not be begun. */
  void handshakeFailed() {
    handshakesFailed.increment();
  }

  void began(Variant variant) {
    Objects.requireNonNull(links.get(variant)).increment(); // all are there
  }

  void ended(Ending ending) {
    Objects.requireNonNull(ended.get(ending)).increment(); // all are there
  }

  long open() {
    return open.get();
  }

  Counters counters() {
    Map<Variant, Long> byVariant = new EnumMap<>(Variant.class);
    links.forEach((variant, count) -> byVariant.put(variant, count.sum()));
    Map<Ending, Long> byEnding = new EnumMap<>(Ending.class);
    ended.forEach((ending, count) -> byEnding.put(ending, count.sum()));
    return new Counters(
        open.get(),
        accepted.sum(),
        turnedAway.sum(),
        unrecognised.sum(),
        handshakesFailed.sum(),
        byVariant,
        byEnding);
  }
}
