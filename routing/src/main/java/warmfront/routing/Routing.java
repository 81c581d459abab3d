package warmfront.routing;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;
import warmfront.distribution.Location;
import warmfront.distribution.Server;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.routing.dns.DnsCounters;
import warmfront.routing.dns.DnsServer;
import warmfront.routing.dns.Service;
import warmfront.routing.dns.Zone;
import warmfront.routing.health.Health;
import warmfront.routing.health.HeartbeatReceiver;
import warmfront.routing.health.Judgement;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapHolder;
import warmfront.rtt.Family;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * A DNS server of the fleet: takes pictures of the log, hears heartbeats, and answers. It needs no
 * one to go on answering. Thread-safe: what is answered from is one immutable {@code Picture},
 * swapped under the lock {@code compiling}.
 */
public final class Routing implements Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

  /** How often servers are judged anew: a fraction of the silence that counts as death. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** The kinds that answers depend on; all others are edges' alone. */
  private static final Set<Kind> ANSWERED_BY =
      EnumSet.of(
          Kind.PUBLICATION,
          Kind.LOCATION,
          Kind.SERVER,
          Kind.LAPSE,
          Kind.CHANNEL,
          Kind.TEXT_RECORD,
          Kind.HEARTBEAT_KEY);

  /**
   * All that is answered from.
   *
   * @param snapshot the log's picture; what answers depend on is as when it was compiled
   */
  private record Picture(
      Snapshot snapshot,
      Geography geography,
      Fleet fleet,
      Sites sites,
      Steer steer,
      Zone zone,
      List<HeartbeatCodec> codecs) {
    /** Returns the same at a later picture of the log. */
    Picture at(Snapshot later) {
      return new Picture(later, geography, fleet, sites, steer, zone, codecs);
    }
  }

  private final RoutingConfig config;
  private final Clock clock;
  private final Clock slots;
  private final Health health;
  private final DnsCounters dnsCounters = new DnsCounters();
  private final SteeringCounters steeringCounters = new SteeringCounters();
  private final LongAdder heartbeatsTaken = new LongAdder();
  private final LongAdder heartbeatsStale = new LongAdder();
  private final ReentrantLock compiling = new ReentrantLock();
  private final Zone unknown;
  private final MapHolder maps;
  private final Gazetteer gazetteer;
  private Geography.Tables tables;
  private Optional<LatencyMap> map;
  private volatile @Nullable Picture picture;
  private volatile @Nullable DnsServer server;
  private volatile @Nullable HeartbeatReceiver receiver;
  private volatile @Nullable ScheduledExecutorService ticker;

  private Routing(RoutingConfig config, Geography.Tables tables, Clock clock, Clock slots) {
    this.config = config;
    this.tables = tables;
    this.clock = clock;
    this.slots = slots;
    this.health = new Health(config.limits().health(), clock);
    this.unknown = Zone.unknown(config.zone());
    this.maps = new MapHolder(config.kept(), this::use);
    this.map = maps.held();
    this.gazetteer = new Gazetteer(tables.countries());
  }

  /**
   * Reads the tables (the country database takes a second or two); opens no port yet.
   *
   * @throws IOException if the latency table cannot be read; says where it is wrong
   */
  public static Routing load(RoutingConfig config, Clock clock) throws IOException {
    return load(config, clock, clock);
  }

  /**
   * The same for an emulation.
   *
   * @param slots what time it is for the exploring of locations
   */
  public static Routing load(RoutingConfig config, Clock clock, Clock slots) throws IOException {
    return new Routing(config, TableFiles.read(config), clock, slots);
  }

  /** Returns what its tables say of single addresses. */
  public Gazetteer gazetteer() {
    return gazetteer;
  }

  /**
   * Opens the ports and answers. Until the first picture is taken, names of distributions get
   * SERVFAIL, so that nobody remembers them as missing.
   *
   * @throws IOException if a port cannot be had; names it
   */
  public void start() throws IOException {
    health.begin();
    rehearse();
    DnsServer opened =
        DnsServer.open(config.listen(), this::zone, config.limits().dns(), dnsCounters, clock);
    server = opened;
    if (config.heartbeats().isPresent()) {
      try {
        receiver = HeartbeatReceiver.open(config.heartbeats().get(), this::codecs, this::heard);
      } catch (IOException taken) {
        opened.close();
        throw taken;
      }
    }
    ScheduledExecutorService ticking =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("routing-tick").daemon().factory());
    ticker = ticking;
    ScheduledFuture<?> _ =
        ticking.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Without a picture there is nothing that a rehearsal would be like. */
  private void rehearse() {
    Picture now = picture;
    if (now != null) {
      Steer uncounted =
          new Steer(
              now.geography(), now.steer().standing(), now.sites(), new SteeringCounters(), clock);
      DnsServer.rehearse(now.zone().with(uncounted), config.limits().dns(), clock);
    }
  }

  private void tick() {
    try {
      refresh();
      if (server != null) {
        server.tick();
      }
    } catch (RuntimeException fault) {
      LOG.error("servers could not be judged", fault);
    }
  }

  /** Returns where DNS is answered, in the order of the configuration. */
  public List<InetSocketAddress> dnsAddresses() {
    return server == null ? List.of() : server.addresses();
  }

  /** Returns where heartbeats are taken. */
  public Optional<InetSocketAddress> heartbeatAddress() {
    return Optional.ofNullable(receiver).map(HeartbeatReceiver::address);
  }

  @Override
  public Verdict take(Snapshot next, List<Entry> changes) {
    if (!changes.isEmpty() && changes.stream().noneMatch(one -> ANSWERED_BY.contains(one.kind()))) {
      pass(next);
      return new Verdict.Applied();
    }
    Optional<Verdict.Rejected> objection =
        Sites.objection(next, config.zone()).or(() -> Fleet.objection(next));
    if (objection.isPresent()) {
      LOG.warn("revision {} is refused: {}", next.revision(), objection.get().reason());
      return objection.get();
    }
    compiling.lock();
    try {
      picture = compile(next);
    } finally {
      compiling.unlock();
    }
    return new Verdict.Applied();
  }

  /** Goes on with a picture by which every answer is the same. */
  private void pass(Snapshot next) {
    compiling.lock();
    try {
      Picture old = picture;
      picture = old == null ? compile(next) : old.at(next);
    } finally {
      compiling.unlock();
    }
  }

  private Picture compile(Snapshot next) {
    List<Location> locations =
        next.all(Kind.LOCATION, Location.class).stream()
            .sorted(Comparator.comparing(Location::id))
            .toList();
    Picture old = picture;
    Geography geography =
        old != null
                && old.geography().locations().equals(locations)
                && old.geography().tables().equals(tables)
                && old.geography().mapped().map().equals(map)
            ? old.geography()
            : Geography.of(locations, tables, map);
    Fleet fleet = Fleet.of(locations, next.all(Kind.SERVER, Server.class));
    health.keep(fleet.ids());
    Sites sites = Sites.of(next, locations, config.zone());
    Steer steer = new Steer(geography, judged(fleet, lapsed(next)), sites, steeringCounters, slots);
    List<Service> services = Fleet.isSecure(next) ? sites.services(config.http3()) : List.of();
    Zone plain = Zone.of(config.zone(), next.revision(), sites.names(), steer).with(services);
    Zone zone = cookieSecret(next).map(plain::with).orElse(plain);
    return new Picture(next, geography, fleet, sites, steer, zone, codecs(next));
  }

  private static List<HeartbeatCodec> codecs(Snapshot snapshot) {
    return snapshot.all(Kind.HEARTBEAT_KEY, HeartbeatKey.class).stream()
        .map(key -> new HeartbeatCodec(Base64.getDecoder().decode(key.base64())))
        .toList();
  }

  /**
   * The heartbeats' key is what DNS servers share. Edges know it, too: they are trusted with more
   * than what a forged cookie gets.
   */
  private static Optional<SecretKey> cookieSecret(Snapshot snapshot) {
    return snapshot.all(Kind.HEARTBEAT_KEY, HeartbeatKey.class).stream()
        .max(Comparator.comparing(HeartbeatKey::id))
        .map(key -> new SecretKeySpec(Base64.getDecoder().decode(key.base64()), "HmacSHA256"));
  }

  private static Set<String> lapsed(Snapshot snapshot) {
    return snapshot.all(Kind.LAPSE, Lapse.class).stream().map(Lapse::id).collect(toSet());
  }

  private Standing judged(Fleet fleet, Set<String> lapsed) {
    Map<String, Judgement> judgements = new HashMap<>();
    Map<String, Integer> shed = new HashMap<>();
    for (String id : fleet.ids()) {
      judgements.put(id, health.judge(id));
      shed.put(id, health.shedPercent(id));
    }
    Standing.Known known = new Standing.Known(judgements, shed, lapsed);
    return Standing.of(fleet, known, config.limits().health());
  }

  /** Judges all servers anew; swaps what is answered from if a judgement changed. */
  void refresh() {
    compiling.lock();
    try {
      Picture old = picture;
      if (old == null) {
        return;
      }
      Standing before = old.steer().standing();
      Standing now = judged(old.fleet(), before.lapsed());
      if (now.known().equals(before.known())) {
        return;
      }
      if (now.isHealthIgnored() != before.isHealthIgnored()) {
        LOG.warn(
            now.isHealthIgnored()
                ? "so many locations look dead that health is ignored"
                : "health is believed again");
      }
      if (now.isFreshnessIgnored() != before.isFreshnessIgnored()) {
        LOG.warn(
            now.isFreshnessIgnored()
                ? "so few locations are known to have the latest changes that all that serve do"
                : "locations that may not know the latest changes are passed over again");
      }
      Steer steer = new Steer(old.geography(), now, old.sites(), steeringCounters, slots);
      Zone zone = old.zone().with(steer);
      picture =
          new Picture(
              old.snapshot(), old.geography(), old.fleet(), old.sites(), steer, zone, old.codecs());
    } finally {
      compiling.unlock();
    }
  }

  /** Takes a heartbeat from an edge that is known to be who it says: from within the process. */
  public void heard(Heartbeat heartbeat) {
    (health.take(heartbeat) ? heartbeatsTaken : heartbeatsStale).increment();
  }

  /**
   * Returns the edges to which viewers are sent although they may not know the latest changes, so
   * that control waits for them.
   */
  public Set<String> kept() {
    Picture now = picture;
    return now == null ? Set.of() : now.steer().standing().kept();
  }

  /** Answers from another latency table from now on. */
  public void use(LatencyTable table) {
    compiling.lock();
    try {
      tables = new Geography.Tables(table, tables.countries(), tables.places());
      recompile();
    } finally {
      compiling.unlock();
    }
  }

  private void use(LatencyMap newest) {
    compiling.lock();
    try {
      map = Optional.of(newest);
      recompile();
    } finally {
      compiling.unlock();
    }
  }

  private void recompile() {
    Picture old = picture;
    if (old != null) {
      picture = compile(old.snapshot());
    }
  }

  /**
   * Returns who takes latency maps: from the next query on they are answered by. The last one is
   * there from the start, if the folder for what is kept has it.
   */
  public MapHolder maps() {
    return maps;
  }

  /**
   * Explains where a viewer is sent.
   *
   * @param viewer its address, or its resolver's if that sends no client subnet
   * @param distribution the id of a distribution; empty for one that any location may serve
   */
  public Explanation route(InetAddress viewer, Optional<String> distribution) {
    Picture now = picture;
    if (now == null) {
      return new Explanation.NotPublished(distribution.orElse("(no picture of the log yet)"));
    }
    return new Explainer(now.steer(), now.sites()).explain(viewer, distribution);
  }

  /** Returns what was done since the start. */
  public RoutingCounts counts() {
    return new RoutingCounts(
        dnsCounters.counts(),
        steeringCounters.bases(),
        steeringCounters.locations(),
        heartbeatsTaken.sum(),
        heartbeatsStale.sum(),
        receiver == null ? 0 : receiver.refused());
  }

  /** Returns how things stand. */
  public RoutingStatus status() {
    Picture now = picture;
    if (now == null) {
      return new RoutingStatus(0, 0, Map.of(), Map.of(), Set.of(), false, false, 0, 0);
    }
    Map<String, String> locations = new HashMap<>();
    Standing standing = now.steer().standing();
    for (int i = 0; i < now.geography().locations().size(); i++) {
      String word = standing.state(i).name().toLowerCase(Locale.ROOT).replace('_', ' ');
      locations.put(now.geography().locations().get(i).id(), word);
    }
    return new RoutingStatus(
        now.snapshot().revision(),
        now.sites().size(),
        locations,
        standing.judgements(),
        standing.lapsed(),
        standing.isHealthIgnored(),
        standing.isFreshnessIgnored(),
        now.geography().ranges(Family.IPV4).size(),
        now.geography().ranges(Family.IPV6).size());
  }

  /**
   * Stops: takes no more queries over UDP and no more connections, lets open ones end, closes.
   *
   * @param atMost how long connections may take
   * @throws InterruptedException if the waiting is interrupted; everything is closed all the same
   */
  public void drain(Duration atMost) throws InterruptedException {
    try {
      if (server != null) {
        server.stopAccepting();
        long end = clock.nanos() + atMost.toNanos();
        while (!server.isIdle() && clock.nanos() < end) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
      }
    } catch (IOException unclean) {
      LOG.warn("a DNS port did not close", unclean);
    } finally {
      close();
    }
  }

  private void close() {
    if (ticker != null) {
      ticker.shutdownNow();
    }
    try {
      if (receiver != null) {
        receiver.close();
      }
      if (server != null) {
        server.close();
      }
    } catch (IOException unclean) {
      LOG.warn("a port did not close", unclean);
    }
  }

  private Zone zone() {
    Picture now = picture;
    return now == null ? unknown : now.zone();
  }

  private List<HeartbeatCodec> codecs() {
    Picture now = picture;
    return now == null ? List.of() : now.codecs();
  }
}
