package warmfront.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.operator.OperatorServer;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.Edge;
import warmfront.edge.step.StreamRecord;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.streaming.Streaming;
import warmfront.streaming.StreamingConfig;
import warmfront.streaming.play.Event;
import warmfront.streaming.recording.RecordingLimits;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/**
 * An edge and, where it listens for RTMP, streaming beside it: both have the same pictures, the
 * edge first, and streaming reads through the edge's caches and writes into its logs.
 */
final class Delivery implements Subscriber, AutoCloseable {
  /** The folder of the data directory for what is recorded of channels. */
  static final String RECORDINGS = "recordings";

  private static final String OK = "OK";

  /** The log has a stream's name without the kind of file, which is a field of its own. */
  private static final Pattern KIND = Pattern.compile("^[0-9a-z]{3}:");

  private final Edge edge;
  private final @Nullable Streaming streaming;
  private final S3Buckets buckets;

  private Delivery(Edge edge, @Nullable Streaming streaming, S3Buckets buckets) {
    this.edge = edge;
    this.streaming = streaming;
    this.buckets = buckets;
  }

  /**
   * An address that RTMP is spoken at.
   *
   * @param location the location it is of
   * @param server the id of the server that it is of
   * @param address to bind
   */
  record Rtmp(Location location, String server, InetSocketAddress address) {}

  /**
   * Puts streaming beside an edge; nothing is listened on yet.
   *
   * @param listeners where RTMP is spoken, at locations of the edge; none for no streaming
   * @param live where channels are served over HTTP
   * @param recordings a folder for what is recorded of channels and not in its bucket yet
   * @param config says what is spoken, and by how many event loops
   */
  static Delivery of(
      Edge edge,
      List<Rtmp> listeners,
      Optional<InetSocketAddress> live,
      Path recordings,
      Config config,
      Clock clock) {
    S3Buckets buckets = new S3Buckets(clock);
    Map<String, Location> locations = new HashMap<>();
    Map<String, String> servers = new HashMap<>();
    Map<String, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
    for (Rtmp listener : listeners) {
      String code = listener.location().id();
      locations.put(code, listener.location());
      servers.put(code, listener.server());
      addresses.computeIfAbsent(code, _ -> new ArrayList<>()).add(listener.address());
    }
    if (listeners.isEmpty()) {
      return new Delivery(edge, null, buckets);
    }
    List<StreamingConfig.Place> places = new ArrayList<>();
    addresses.forEach((code, bound) ->
        places.add(
            new StreamingConfig.Place(
                code, servers.getOrDefault(code, ""), bound, edge.reader(code))));
    var own =
        new StreamingConfig(
            places,
            live,
            Optional.of(
                new StreamingConfig.Recordings(
                    recordings,
                    buckets,
                    RecordingLimits.standard(config.recordings().spoolBytes()))),
            variants(config.rtmp()),
            Rooms.loops(config.edge()),
            StreamingConfig.Bounds.standard(),
            clock,
            new SecureRandom());
    return new Delivery(
        edge,
        new Streaming(
            own,
            edge::isWeb,
            edge::tls,
            (code, event) -> {
              @Nullable Location location = locations.get(code);
              if (location != null) {
                edge.record(event.viewer().distribution(), row(location, event));
              }
            }),
        buckets);
  }

  private static Set<Variant> variants(Config.Rtmp spoken) {
    Set<Variant> variants = EnumSet.allOf(Variant.class);
    variants.removeIf(one ->
        (one.encrypted() && !spoken.encrypted()) || (one.tunnelled() && !spoken.tunnelled()));
    return variants;
  }

  /** Says an event in the words of the log. */
  private static StreamRecord row(Location location, Event event) {
    return new StreamRecord(
        location,
        event.viewer().address().getAddress(),
        event.kind().name().toLowerCase(Locale.ROOT),
        event.sentBytes(),
        OK,
        event.viewer().connection(),
        event.viewer().uri(),
        event.viewer().query(),
        event.viewer().swfUrl(),
        event.viewer().pageUrl(),
        event.viewer().flashVersion(),
        event
            .played()
            .map(played ->
                new StreamRecord.Stream(
                    KIND.matcher(played.name()).replaceFirst(""),
                    played.query(),
                    played.extension(),
                    played.stream())),
        event.at().toEpochMilli());
  }

  /** Returns the edge. */
  Edge edge() {
    return edge;
  }

  /** Begins to serve. */
  void start() throws IOException {
    List<InetSocketAddress> _ = edge.start();
    if (streaming != null) {
      List<InetSocketAddress> _ = streaming.start();
    }
  }

  /** Returns where channels are served over HTTP, once it is started; empty for nowhere. */
  Optional<InetSocketAddress> live() {
    return Optional.ofNullable(streaming).flatMap(Streaming::liveAddress);
  }

  /** Shows the operator what it does. */
  void show(OperatorServer operator, Clock clock) {
    operator.add(new EdgePart(edge::counters, clock));
    operator.page("/explain", new ExplainPage(edge::explain)::answer);
    if (streaming != null) {
      operator.add(new StreamingPart(streaming::counters));
    }
  }

  @Override
  public Verdict take(Snapshot next, List<Entry> changes) {
    Verdict verdict = edge.take(next, changes);
    if (verdict instanceof Verdict.Applied) {
      buckets.take(next.all(Kind.S3_ENDPOINT, S3Endpoint.class));
      edge.deliver(buckets);
      if (streaming != null) {
        streaming.take(next, changes);
      }
    }
    return verdict;
  }

  /** Returns the bytes sent to viewers since the start, by the code of the location. */
  Map<String, Long> sentBytes() {
    Map<String, Long> sent = new HashMap<>(edge.sentBytes());
    if (streaming != null) {
      streaming.sentBytes().forEach((code, bytes) -> sent.merge(code, bytes, Long::sum));
    }
    return sent;
  }

  /**
   * Accepts no more viewers, and lets those go in peace that are there.
   *
   * @param atMost how long to wait
   */
  void drain(Duration atMost) throws InterruptedException {
    Optional<Thread> other =
        Optional.ofNullable(streaming)
            .map(own -> Thread.ofVirtual().name("drain").start(() -> drain(own, atMost)));
    boolean _ = edge.drain(atMost);
    if (other.isPresent()) {
      other.get().join();
    }
  }

  private static void drain(Streaming streaming, Duration atMost) {
    try {
      boolean _ = streaming.drain(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (streaming != null) {
      streaming.close();
    }
    edge.close();
    buckets.close();
  }
}
