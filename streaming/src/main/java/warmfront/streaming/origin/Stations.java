package warmfront.streaming.origin;

import io.netty.channel.EventLoopGroup;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.live.Tap;
import warmfront.time.Clock;

/** The channels that are asked for: they are heard from the first request on. Thread-safe. */
final class Stations {
  private static final long SWEEP_MILLIS = 1000;

  private final Source source;
  private final EventLoopGroup loops;
  private final Clock clock;
  private final long lingerNanos;
  private final ConcurrentMap<String, Station> open = new ConcurrentHashMap<>();

  Stations(Source source, EventLoopGroup loops, Clock clock, OriginLimits limits) {
    this.source = source;
    this.loops = loops;
    this.clock = clock;
    this.lingerNanos = limits.linger().toNanos();
    var _ =
        loops
            .next()
            .scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Returns a channel's station; nothing if there is no such channel. */
  Optional<Station> of(String channel) {
    return Optional.ofNullable(open.computeIfAbsent(channel, this::begin));
  }

  /** Returns how many channels are being packaged. */
  int count() {
    return open.size();
  }

  private @Nullable Station begin(String channel) {
    Station station = new Station(channel, source, clock);
    Optional<Tap.Tapped> tapped = source.tap(channel, loops.next(), station);
    tapped.ifPresent(station::tappedBy);
    return tapped.isPresent() ? station : null;
  }

  void sweep() {
    open.values().forEach(station -> station.tidy(lingerNanos));
    for (String channel : open.keySet()) {
      open.computeIfPresent(
          channel,
          (_, station) -> {
            if (!station.isIdle(lingerNanos)) {
              return station;
            }
            station.close();
            return null;
          });
    }
  }

  void close() {
    open.values().forEach(Station::close);
    open.clear();
  }
}
