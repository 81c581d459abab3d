package warmfront.streaming.live;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.Session;
import warmfront.time.Clock;

/** All channels of this process, and the application {@code live} of RTMP. Thread-safe. */
public final class Hub implements AutoCloseable {
  private static final long SWEEP_MILLIS = 500;

  private final Channels channels;
  private final LiveLimits limits;
  private final Clock clock;
  private final Upstream upstream;
  private final ConcurrentMap<String, LiveChannel> open = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Pull> pulls = new ConcurrentHashMap<>();
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong denied = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final ScheduledExecutorService sweeper;

  /**
   * What channels have come to.
   *
   * @param publishers now
   * @param players now
   * @param pulled channels that are brought from elsewhere now
   * @param published streams that were published since the start
   * @param denied wishes to publish that were denied: no such key, or the channel was taken
   * @param missed frames that were left out for players that did not keep up
   */
  public record Counters(
      long publishers, long players, long pulled, long published, long denied, long missed) {}

  /**
   * Makes a hub without anybody.
   *
   * @param upstream where channels are from that are watched here and published elsewhere
   */
  public Hub(Channels channels, LiveLimits limits, Clock clock, Upstream upstream) {
    this.channels = channels;
    this.upstream = upstream;
    this.limits = limits;
    this.clock = clock;
    sweeper =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("live").daemon().unstarted(task));
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Answers a connect command to the application {@code live}: publishers name their stream key,
   * players the channel.
   *
   * @return the session that hears of everything from now on
   */
  public Optional<Session> connect(Link link, Command connect) {
    return Optional.of(LiveSession.connected(this, limits, link, connect));
  }

  /**
   * Lets somebody in this process hear a channel that is published here.
   *
   * @param executor runs one task after another, as the loop of a server does
   * @return nothing if there is no such channel
   */
  public Optional<Tap.Tapped> tap(String name, Executor executor, Tap tap) {
    if (!channels.isOn(name)) {
      return Optional.empty();
    }
    AtomicReference<Tap.Tapped> tapped = new AtomicReference<>(() -> {});
    within(name, channel -> tapped.set(channel.tap(executor, tap)));
    return Optional.of(tapped.get());
  }

  /** Returns whether a channel is published now. */
  public boolean isPublished(String name) {
    LiveChannel channel = open.get(name);
    return channel != null && channel.isPublished();
  }

  /** Returns what channels have come to so far. */
  public Counters counters() {
    return new Counters(
        open.values().stream().filter(LiveChannel::isPublished).count(),
        open.values().stream().mapToLong(LiveChannel::players).sum(),
        pulls.values().stream().filter(Pull::isFeeding).count(),
        published.get(),
        denied.get(),
        missed.get());
  }

  /** What a wish to publish came to. */
  sealed interface Publishing {
    /** It publishes, as this. */
    record As(Publisher publisher) implements Publishing {}

    /** It does not. */
    enum Refused implements Publishing {
      /** No channel that is at home here has the key. */
      UNKNOWN,
      /** Another publishes the channel, and is heard. */
      TAKEN
    }
  }

  /** Lets a publisher have the channel of its key. */
  Publishing publish(String key, Link link, int streamId) {
    Optional<String> name = channels.ofKey(key);
    if (name.isEmpty()) {
      denied.incrementAndGet();
      return Publishing.Refused.UNKNOWN;
    }
    AtomicReference<Publishing> outcome = new AtomicReference<>(Publishing.Refused.TAKEN);
    within(
        name.get(),
        channel -> {
          Publisher publisher = new Publisher(link, streamId, channel);
          if (channel.publish(publisher)) {
            outcome.set(new Publishing.As(publisher));
          }
        });
    boolean isPublished = outcome.get() instanceof Publishing.As;
    (isPublished ? published : denied).incrementAndGet();
    return outcome.get();
  }

  /** Returns one who may watch a channel; nothing if there is no such channel. */
  Optional<Player> player(String name, Link link, int streamId) {
    return channels.isOn(name)
        ? Optional.of(new Player(link, streamId, name, limits, missed))
        : Optional.empty();
  }

  /** Lets a player watch, on its loop. */
  void join(Player player) {
    within(
        player.name(),
        channel -> {
          channel.join(player);
          bring(player.name(), channel);
        });
  }

  /** Lets a player go that joined, on its loop. */
  void part(Player player) {
    within(player.name(), channel -> channel.part(player));
  }

  /** Looks after channels, as it does twice a second. */
  void sweep() {
    open.forEach((name, channel) -> {
      channel.sweep(channels.isOn(name));
      bring(name, channel);
    });
    open.keySet().forEach(name -> open.computeIfPresent(name, this::unlessIdle));
  }

  /** Has a channel brought from its home while it is watched here, and no longer. */
  private void bring(String name, LiveChannel channel) {
    boolean isWanted = channel.isWatched() && !channel.isPublished() && channels.isOn(name);
    pulls.compute(
        name,
        (_, known) -> {
          Pull pull = known == null || known.sweep(isWanted) ? null : known;
          return pull == null && isWanted ? Pull.begin(name, channel, upstream, clock) : pull;
        });
  }

  private @Nullable LiveChannel unlessIdle(String name, LiveChannel channel) {
    return channel.isIdle() && !pulls.containsKey(name) ? null : channel;
  }

  /** Does something with a channel, while no sweep can forget it. */
  private void within(String name, Consumer<LiveChannel> what) {
    open.compute(
        name,
        (_, known) -> {
          LiveChannel channel = known == null ? new LiveChannel(limits, clock) : known;
          what.accept(channel);
          return channel;
        });
  }

  /** Ends all streams; the links end with their server. Idempotent. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    pulls.values().forEach(Pull::replaced);
    open.values().forEach(LiveChannel::close);
  }
}
