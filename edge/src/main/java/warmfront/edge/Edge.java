package warmfront.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.RangedReader;
import warmfront.distribution.Feature;
import warmfront.edge.behavior.Sites;
import warmfront.edge.cache.Cache;
import warmfront.edge.cache.CacheCounters;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.cache.DiskSpace;
import warmfront.edge.cache.StandardCache;
import warmfront.edge.coding.Coder;
import warmfront.edge.coding.Limits;
import warmfront.edge.encryption.Forms;
import warmfront.edge.log.Carrier;
import warmfront.edge.log.Journal;
import warmfront.edge.log.Tallies;
import warmfront.edge.origin.Origins;
import warmfront.edge.peer.Counts;
import warmfront.edge.policy.Gate;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.OriginRequests;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Match;
import warmfront.edge.step.Place;
import warmfront.edge.step.Settled;
import warmfront.edge.step.StreamRecord;
import warmfront.edge.step.Tier;
import warmfront.edge.step.TtlRule;
import warmfront.edge.viewer.Certificates;
import warmfront.edge.viewer.Listener;
import warmfront.edge.viewer.Unshown;
import warmfront.edge.viewer.Viewers;
import warmfront.rtt.Measured;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;

/**
 * An edge: its rooms, from the viewers' sockets to the access log, and the picture they serve. One
 * edge may be several locations; then each has a cache of its own, and event loops, origins'
 * connections and logs are shared.
 *
 * <p>It serves from {@link #start} on; until a first picture is taken every host is unknown. Of the
 * picture, {@link #take} swaps one reference: a request sees the old or the new one as a whole.
 * {@link #take} is called by one thread at a time; everything else by any.
 */
public final class Edge implements Subscriber, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final int VIA_BYTES = 16;

  private final EdgeConfig config;
  private final Map<String, Cache> caches;
  private final Map<String, Rooms> rooms = new HashMap<>();
  private final Map<String, Reader> readers = new HashMap<>();
  private final Tallies tallies = new Tallies();
  private final Journal journal;
  private final Viewers viewers;
  private final Certificates certificates;
  private final Origins origins;
  private final Optional<Neighbours> neighbours;
  private final TierFetch tiers;
  private final Progress progress = new Progress();
  private final OffLoop offLoop;
  private final Coder coder;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Sites sites = Sites.empty();
  private volatile Directions directions = Directions.NONE;
  private volatile Writes writes = Writes.NONE;
  private volatile Atlas atlas = Atlas.NONE;
  private volatile CertificateBook book = CertificateBook.EMPTY;

  private Edge(
      EdgeConfig config,
      Optional<PeerConfig> peers,
      Keys keys,
      Map<String, Cache> caches,
      BooleanSupplier fresh) {
    this.config = config;
    this.caches = caches;
    EdgeConfig.Limits limits = config.limits();
    journal =
        new Journal(
            config.data().resolve("logs"),
            limits.logs(),
            config.logsAll(),
            () -> atlas,
            config.clock(),
            config.random());
    offLoop = new OffLoop(limits.exchangesMax());
    coder = new Coder(Limits.of(config.loops()));
    viewers = new Viewers(limits.viewers(), config.clock(), config.random(), config.loops());
    certificates = new Certificates(config.clock(), config.random());
    EdgeConfig.Outside outside = config.outside();
    Origins.Surroundings surroundings =
        new Origins.Surroundings(
            viewers.eventLoops(), offLoop, outside.names(), config.clock(), outside.authorities());
    origins = new Origins(surroundings, outside.rules(), limits.origins());
    neighbours = peers.map(own -> Neighbours.of(own, surroundings, limits.origins(), progress));
    tiers = new TierFetch(this::inside, neighbours);
    var asks = new OriginRequests(viaName(config));
    var dates = new Dates(config.clock());
    var forms = new Forms(offLoop);
    caches.forEach((location, cache) ->
        rooms.put(
            location,
            new Rooms(
                () -> sites,
                keys,
                new Location(cache),
                asks,
                origins::fetch,
                coder::encode,
                neighbours
                    .filter(own -> own.location().equals(location))
                    .<Rooms.Peers>map(Neighbours::fetch)
                    .orElse(PeerFetch.NONE),
                tiers.above(location, Tier.LOCATION),
                forms,
                () -> writes,
                new Gate(() -> directions, () -> atlas, config.clock()),
                () -> atlas,
                new Recorder(tallies.at(location), journal, config.clock()),
                offLoop,
                fresh,
                limits.joinMax(),
                dates,
                config.clock())));
    for (Listener listener : config.listeners()) {
      Place place = listener.place();
      readers.computeIfAbsent(
          place.location().id(), id -> new Reader(at(id), place, config.random()));
    }
  }

  /**
   * Returns who reads objects of streaming distributions at a location, through its cache.
   *
   * @param location its code, which a listener of the configuration has
   */
  public RangedReader reader(String location) {
    @Nullable Reader reader = readers.get(location);
    if (reader == null) {
      throw new IllegalArgumentException("no listener at " + location);
    }
    return reader;
  }

  /**
   * Logs what a viewer of a streaming distribution did, if the distribution has logging on. Never
   * waits.
   *
   * @param distribution its id
   */
  public void record(String distribution, StreamRecord event) {
    sites.stream(distribution)
        .filter(journal::wants)
        .ifPresent(route -> journal.take(route, event));
  }

  /**
   * Returns the server's side of TLS for a connection that does not speak HTTP, with the
   * certificate that viewers over HTTPS are shown for a name.
   *
   * @param serverName in lower case; empty if none was asked for
   * @return empty if there is no certificate yet
   */
  public Optional<SSLEngine> tls(String serverName) {
    return certificates.engine(serverName);
  }

  /** Returns whether a name is one of a web distribution. */
  public boolean isWeb(String host) {
    return !(sites.match(host, "/") instanceof Match.Unknown);
  }

  /** Tells of what viewers of distributions that ask for it write to at origins, from now on. */
  public void tell(Writes others) {
    writes = others;
  }

  /** Has finished access logs brought to their buckets by this one, from now on. */
  public void deliver(Carrier carrier) {
    journal.deliver(carrier);
  }

  /** Sends viewers of distributions that ask for it where these directions say, from now on. */
  public void direct(Directions others) {
    directions = others;
  }

  /** Knows by this atlas where viewers are, from now on. */
  public void consult(Atlas other) {
    atlas = other;
  }

  /**
   * Builds the rooms and finds again what the disks hold. Nothing is listened on yet.
   *
   * @throws IOException if the data folder cannot be used
   */
  public static Edge open(EdgeConfig config) throws IOException {
    return open(config, () -> true);
  }

  /**
   * Builds the rooms of an edge that may be out of touch with the control plane.
   *
   * @param fresh whether it is sure to know the latest changes now; asked for each request of a
   *     strict distribution
   * @throws IOException if the data folder cannot be used
   */
  public static Edge open(EdgeConfig config, BooleanSupplier fresh) throws IOException {
    return open(config, Optional.empty(), fresh);
  }

  /**
   * Builds the rooms of an edge that may be one of several servers of its location.
   *
   * @param peers what it needs to ask the others; empty if it is alone
   * @param fresh whether it is sure to know the latest changes now
   * @throws IOException if the data folder cannot be used
   */
  public static Edge open(EdgeConfig config, Optional<PeerConfig> peers, BooleanSupplier fresh)
      throws IOException {
    Path folder = config.data().resolve("cache");
    Files.createDirectories(folder);
    Keys keys = new Keys(KeyFile.open(folder.resolve("key"), config.random()));
    List<String> locations =
        config.listeners().stream().map(l -> l.place().location().id()).distinct().toList();
    CacheLimits share = config.storage().memory().share(locations.size());
    Map<String, Cache> caches = new TreeMap<>();
    for (String location : locations) {
      List<DiskSpace> spaces = spaces(config.storage(), folder, location, locations.size());
      caches.put(location, Cache.open(share, spaces, Optional.of(folder), config.clock()));
    }
    return new Edge(config, peers, keys, caches, fresh);
  }

  private static List<DiskSpace> spaces(
      EdgeConfig.Storage storage, Path folder, String location, int locations) {
    List<DiskSpace> spaces = new ArrayList<>();
    for (EdgeConfig.Disk disk : storage.disks()) {
      try {
        DiskSpace whole = DiskSpace.measured(disk.path(), disk.sizeBytes(), disk.reserveBytes());
        spaces.add(whole.share(location, locations));
      } catch (IOException | IllegalArgumentException e) {
        LOG.error("cache disk {} is left out: {}", disk.path(), e.toString());
      }
    }
    if (storage.disks().isEmpty() && storage.diskBytes() > 0) {
      long bytes = storage.diskBytes() / locations;
      spaces.add(new DiskSpace(folder.resolve(location), bytes, storage.diskReserveBytes()));
    }
    return spaces;
  }

  /** As CloudFront's own: 32 hexadecimal digits below cloudfront.net. */
  private static String viaName(EdgeConfig config) {
    byte[] id = new byte[VIA_BYTES];
    config.random().nextBytes(id);
    return HexFormat.of().formatHex(id) + ".cloudfront.net";
  }

  /**
   * Asks as a viewer would, and tells how the response comes about.
   *
   * @param location at which location, by its code; empty for the first one
   * @throws IllegalArgumentException if the edge is not at that location
   */
  public CompletableFuture<Inspection.Found> explain(
      Inspection.Question question, Optional<String> location) {
    Place place =
        config.listeners().stream()
            .map(Listener::place)
            .filter(one -> location.isEmpty() || one.location().id().equals(location.get()))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException("not at this edge: " + location.orElse("any place")));
    return Inspection.begin(at(place.location().id()), place, question, config.random());
  }

  /**
   * Begins to serve.
   *
   * @return the addresses listened on, in the order of the configuration's listeners, and then
   *     where other servers of the location ask it
   * @throws IOException if one cannot be listened on, naming it
   */
  public List<InetSocketAddress> start() throws IOException {
    journal.start();
    return viewers.start(
        config.listeners(),
        new Reception(place -> at(place.location().id()), () -> sites),
        certificates,
        neighbours.map(own -> own.listener(tiers)).stream().toList());
  }

  @Override
  public Verdict take(Snapshot next, List<Entry> changes) {
    @Nullable Verdict unknown = unknownFeature(changes);
    if (unknown != null) {
      return unknown;
    }
    return switch (sites.next(next, changes)) {
      case Sites.Compilation.Rejected(long at, String why) -> new Verdict.Rejected(at, why);
      case Sites.Compilation.Compiled(Sites compiled) -> {
        @Nullable Verdict refused = takeCertificates(next, changes);
        if (refused == null) {
          progress.begins(next);
          caches.values().forEach(cache -> cache.apply(next, changes));
          origins.apply(next);
          tiers.apply(next, changes);
          if (TierFetch.reaches(changes)) {
            neighbours.ifPresent(own -> own.siblings().apply(next));
          }
          sites = compiled;
          progress.ends(next);
        }
        yield refused == null ? new Verdict.Applied() : refused;
      }
    };
  }

  private static @Nullable Verdict unknownFeature(List<Entry> changes) {
    for (Entry entry : changes) {
      for (String feature : entry.features()) {
        if (!Feature.names().contains(feature)) {
          return new Verdict.NeedsFeature(entry.revision(), feature);
        }
      }
    }
    return null;
  }

  private @Nullable Verdict takeCertificates(Snapshot next, List<Entry> changes) {
    Map<String, Long> reached = book.reached(next, changes);
    if (reached.isEmpty()) {
      return null;
    }
    try {
      CertificateBook.Edition edition = book.edition(next, reached.keySet());
      certificates.use(edition.zone(), edition.sites());
      book = edition.book();
      return null;
    } catch (Unshown e) {
      long at = reached.getOrDefault(e.owner(), next.revision());
      return new Verdict.Rejected(at, "certificate: " + e.getMessage());
    }
  }

  /** Returns the revision that is served; 0 before the first picture. */
  public long revision() {
    return progress.applied().revision();
  }

  /**
   * Returns the round-trip times of the viewers that connected since the last call, by the code of
   * the location. May wait for the event loops.
   */
  public Map<String, List<Measured>> roundTrips() {
    return viewers.roundTrips();
  }

  /**
   * Returns the bytes sent to viewers since the start, by the code of the location: those of
   * requests that are finished, headers included, TLS not.
   */
  public Map<String, Long> sentBytes() {
    return tallies.sent();
  }

  /** Returns how much of its narrowest limit it uses: connections, or requests that wait. */
  public double utilisation() {
    EdgeConfig.Limits limits = config.limits();
    double connections =
        viewers.counters().open() / (double) limits.viewers().connection().openMax();
    return Math.max(connections, offLoop.waiting() / (double) limits.exchangesMax());
  }

  /** Returns what it has done and what it holds. */
  public EdgeCounters counters() {
    Map<String, CacheCounters> byLocation = new HashMap<>();
    caches.forEach((location, cache) -> byLocation.put(location, cache.counters()));
    Map<String, EdgeCounters.Reads> reads = new HashMap<>();
    readers.forEach((location, reader) -> reads.put(location, reader.counts()));
    return new EdgeCounters(
        revision(),
        sites.size(),
        offLoop.waiting(),
        tallies.snapshot(journal),
        viewers.counters(),
        origins.counts(),
        coder.counts(),
        neighbours.map(own -> own.siblings().counts()).orElse(Counts.NONE),
        tiers.counts(),
        byLocation,
        reads,
        book.endings());
  }

  /**
   * Accepts no more viewers and lets requests under way end.
   *
   * @param limit how long to wait
   * @return whether all ended in time
   */
  public boolean drain(Duration limit) throws InterruptedException {
    return viewers.drain(limit);
  }

  /**
   * Ends at once what {@link #drain} has not ended; objects and logs are written to the disk.
   * Idempotent.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    offLoop.close();
    origins.close();
    neighbours.ifPresent(Neighbours::close);
    viewers.close();
    coder.close();
    caches.values().forEach(Cache::close);
    journal.close();
  }

  /** A location's cache as an exchange sees it. */
  private record Location(Cache cache) implements Rooms.Store {
    @Override
    public Lookup look(CacheKey key, TtlRule rule, long nanos) {
      return cache.look(key, rule, nanos);
    }

    @Override
    public Lookup confirm(CacheKey key, TtlRule rule) {
      return cache.confirm(key, rule);
    }

    @Override
    public Settled settle(Fill fill, Fetched fetched, TtlRule rule) {
      return cache.settle(fill, fetched, rule);
    }

    @Override
    public StandardCache standard() {
      return cache.standard();
    }
  }

  private Optional<TierFetch.Inside> inside(String location) {
    return config.listeners().stream()
        .map(Listener::place)
        .filter(place -> place.location().id().equals(location))
        .findFirst()
        .map(place -> new TierFetch.Inside(at(location), place));
  }

  private Rooms at(String location) {
    @Nullable Rooms here = rooms.get(location);
    if (here == null) {
      throw new IllegalStateException("no cache for " + location);
    }
    return here;
  }
}
