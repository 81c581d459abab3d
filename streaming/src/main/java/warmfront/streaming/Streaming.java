package warmfront.streaming;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warmfront.signing.UrlVerifier;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.streaming.live.Channels;
import warmfront.streaming.live.Hub;
import warmfront.streaming.media.Containers;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.origin.OriginLimits;
import warmfront.streaming.origin.Source;
import warmfront.streaming.play.Event;
import warmfront.streaming.play.FrontDoor;
import warmfront.streaming.play.OnDemand;
import warmfront.streaming.recording.Recorder;
import warmfront.streaming.relay.Relay;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.streaming.rtmp.Session;
import warmfront.streaming.rtmp.Tls;

/**
 * RTMP at the locations of a process: its sockets, and what may be connected to there. Channels are
 * the process's, objects are read through the cache of each location. It begins to serve with
 * {@link #start}; until a first picture is taken every name is unknown. {@link #take} is called by
 * one thread at a time; everything else by any.
 */
public final class Streaming implements AutoCloseable {
  /** Hears what viewers do. Called on event loops, so it never waits. Thread-safe. */
  @FunctionalInterface
  public interface Log {
    /**
     * Takes an event; those of a connection come in their order.
     *
     * @param location the code of the location
     */
    void happened(String location, Event event);
  }

  /** The application of channels, the first segment after the host. */
  private static final String LIVE = "live";

  private final StreamingConfig config;
  private final Tls tls;
  private final RtmpServer server;
  private final Tally tally = new Tally();
  private final ExecutorService opening =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("opening-", 0).factory());
  private final Map<String, OnDemand> onDemand = new HashMap<>();
  private final Relay relay;
  private final Hub hub;
  private volatile Optional<LiveOrigin> origin = Optional.empty();
  private volatile Optional<Recorder> recorder = Optional.empty();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Map<InetSocketAddress, String> locations = Map.of();
  private volatile Register register;
  private volatile boolean hasPicture;

  /**
   * Makes it; nothing is listened on yet.
   *
   * @param web whether a name is one of a web distribution
   * @param tls for what is spoken within TLS
   */
  public Streaming(StreamingConfig config, Predicate<String> web, Tls tls, Log log) {
    this.config = config;
    this.tls = tls;
    register =
        Register.empty(
            config.places().stream().map(StreamingConfig.Place::location).collect(toSet()),
            config.places().stream().map(StreamingConfig.Place::server).collect(toSet()));
    StreamingConfig.Bounds limits = config.limits();
    server = new RtmpServer(limits.rtmp(), config.clock(), config.random(), config.loops());
    relay = new Relay(channel -> register.channels().homes(channel));
    hub = new Hub(new Now(), limits.live(), config.clock(), relay);
    UrlVerifier verifier = new UrlVerifier(id -> register.key(id));
    for (StreamingConfig.Place place : config.places()) {
      String location = place.location();
      onDemand.put(
          location,
          new OnDemand(
              host -> register.named(host, web),
              new OnDemand.Objects(place.reader(), Containers::open, opening),
              verifier,
              event -> {
                tally.happened(event.kind());
                log.happened(location, event);
              },
              config.clock(),
              limits.play()));
    }
  }

  /**
   * Begins to serve.
   *
   * @return the addresses listened on, in the order of the configuration
   * @throws IOException if one cannot be listened on, naming it, or the folder of recordings cannot
   *     be used
   */
  public List<InetSocketAddress> start() throws IOException {
    List<InetSocketAddress> wanted = new ArrayList<>();
    config.places().forEach(place -> wanted.addAll(place.addresses()));
    FrontDoor door = new FrontDoor(Map.of(OnDemand.NAME, this::onDemand, LIVE, hub::connect));
    List<InetSocketAddress> bound =
        server.start(
            wanted,
            config.variants(),
            tls,
            link -> new Counted(link, door.begin(link), tally.at(where(link))));
    Map<InetSocketAddress, String> found = new HashMap<>();
    Iterator<InetSocketAddress> addresses = bound.iterator();
    for (StreamingConfig.Place place : config.places()) {
      place.addresses().forEach(_ -> found.put(addresses.next(), place.location()));
    }
    locations = Map.copyOf(found);
    if (config.live().isPresent()) {
      Source channels = Source.of(hub, name -> register.channels().cadence(name));
      OriginLimits limits = config.limits().origin();
      origin =
          Optional.of(
              LiveOrigin.start(
                  config.live().get(), config.loops(), channels, limits, config.clock()));
    }
    if (config.recordings().isPresent()) {
      StreamingConfig.Recordings own = config.recordings().get();
      recorder =
          Optional.of(
              Recorder.start(hub::tap, own.folder(), own.buckets(), own.limits(), config.clock()));
      record();
    }
    return bound;
  }

  /** Has the channels recorded that are to be. */
  private synchronized void record() {
    if (hasPicture) {
      recorder.ifPresent(known -> known.take(register.channels().recordings()));
    }
  }

  private Optional<Session> onDemand(Link link, Command connect) {
    @Nullable OnDemand here = onDemand.get(where(link));
    if (here == null) {
      throw new IllegalStateException("no location at " + link.localAddress());
    }
    return here.connect(link, connect);
  }

  /** A connection that came while the addresses were still being bound is one of the first. */
  private String where(Link link) {
    @Nullable String location = locations.get(link.localAddress());
    return location == null ? config.places().getFirst().location() : location;
  }

  /** Serves this picture from now on. */
  public void take(Snapshot next, List<Entry> changes) {
    register = register.next(next, changes);
    hasPicture = true;
    record();
  }

  /** Returns the bytes sent to viewers since the start, by the code of the location. */
  public Map<String, Long> sentBytes() {
    return tally.sent();
  }

  /** Returns what it has done and what it holds. */
  public StreamingCounters counters() {
    return new StreamingCounters(
        server.counters(),
        hub.counters(),
        origin.map(LiveOrigin::counters),
        recorder.map(Recorder::counters),
        tally.sent(),
        tally.events(),
        onDemand.values().stream().mapToLong(OnDemand::opened).sum(),
        onDemand.values().stream().mapToLong(OnDemand::keptBytes).sum());
  }

  /**
   * Accepts no more viewers, and has those that are there end when it suits.
   *
   * @param limit how long to wait
   * @return whether all ended in time
   */
  public boolean drain(Duration limit) throws InterruptedException {
    return server.drain(limit);
  }

  /** Returns where channels are served over HTTP, once it is started; empty for nowhere. */
  public Optional<InetSocketAddress> liveAddress() {
    return origin.map(LiveOrigin::address);
  }

  /** Ends at once what {@link #drain} has not ended. Idempotent. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    origin.ifPresent(LiveOrigin::close);
    server.close();
    hub.close();
    relay.close();
    recorder.ifPresent(Recorder::close);
    opening.shutdownNow();
  }

  /** The channels of the picture that is served now. */
  private final class Now implements Channels {
    @Override
    public Optional<String> ofKey(String key) {
      return register.channels().ofKey(key);
    }

    @Override
    public boolean isOn(String name) {
      return register.channels().isOn(name);
    }
  }
}
