package warmfront.routing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.Server;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.routing.dns.DnsCounters;
import warmfront.routing.dns.DnsServer;
import warmfront.routing.dns.Names;
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

  /**
   * All that is answered from.
   *
   * @param snapshot the log's picture; what answers depend on is as when it was compiled
   */
  private record Picture(Snapshot snapshot, Ground ground, Steer steer, Names names, Zone zone) {
    /** Returns the same at a later picture of the log. */
    Picture at(Snapshot later) {
      return new Picture(later, ground, steer, names, zone);
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
  private final Sites sites;
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
    this.sites = new Sites(config.zone(), config.http3());
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
              now.ground().geography(), now.steer().standing(), new SteeringCounters(), clock);
      DnsServer.rehearse(
          zone(now.snapshot(), now.ground(), uncounted, now.names()), config.limits().dns(), clock);
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
    compiling.lock();
    try {
      Picture old = changes.isEmpty() ? null : picture;
      Sites.Outcome outcome =
          old == null ? sites.all(next) : sites.next(old.names(), old.snapshot(), next, changes);
      boolean moved =
          old == null || changes.stream().anyMatch(one -> Ground.KINDS.contains(one.kind()));
      Optional<Verdict.Rejected> objection = moved ? Fleet.objection(next) : Optional.empty();
      if (objection.isPresent()) {
        outcome = new Sites.Outcome.Refused(objection.get());
      }
      return switch (outcome) {
        case Sites.Outcome.Refused(Verdict.Rejected verdict) -> {
          LOG.warn("revision {} is refused: {}", next.revision(), verdict.reason());
          yield verdict;
        }
        case Sites.Outcome.Named(Names names) -> {
          picture = old == null || moved ? compile(next, names) : after(old, next, names);
          yield new Verdict.Applied();
        }
      };
    } finally {
      compiling.unlock();
    }
  }

  /** Goes on from a picture with other names, or with none that changed. */
  private Picture after(Picture old, Snapshot next, Names names) {
    return names == old.names() ? old.at(next) : picture(next, old.ground(), old.steer(), names);
  }

  private Picture compile(Snapshot next, Names names) {
    Ground ground = ground(next);
    Steer steer = steer(ground, judged(ground));
    return picture(next, ground, steer, names);
  }

  private Picture picture(Snapshot snapshot, Ground ground, Steer steer, Names names) {
    return new Picture(snapshot, ground, steer, names, zone(snapshot, ground, steer, names));
  }

  private Zone zone(Snapshot snapshot, Ground ground, Steer steer, Names names) {
    Zone.Means means = new Zone.Means(steer, ground.secure(), ground.secret());
    return Zone.of(config.zone(), snapshot.revision(), names, means);
  }

  private Steer steer(Ground ground, Standing standing) {
    return new Steer(ground.geography(), standing, steeringCounters, slots);
  }

  private Ground ground(Snapshot next) {
    List<Location> locations =
        next.all(Kind.LOCATION, Location.class).stream()
            .sorted(Comparator.comparing(Location::id))
            .toList();
    Fleet fleet = Fleet.of(locations, next.all(Kind.SERVER, Server.class));
    health.keep(fleet.ids());
    return Ground.of(next, geography(locations), fleet);
  }

  /** Ranges of viewers are not ordered anew while what their order rests on is the same. */
  private Geography geography(List<Location> locations) {
    Picture old = picture;
    return old != null
            && old.ground().geography().locations().equals(locations)
            && old.ground().geography().tables().equals(tables)
            && old.ground().geography().mapped().map().equals(map)
        ? old.ground().geography()
        : Geography.of(locations, tables, map);
  }

  private Standing judged(Ground ground) {
    Map<String, Judgement> judgements = new HashMap<>();
    Map<String, Integer> shed = new HashMap<>();
    for (String id : ground.fleet().ids()) {
      judgements.put(id, health.judge(id));
      shed.put(id, health.shedPercent(id));
    }
    Standing.Known known = new Standing.Known(judgements, shed, ground.lapsed());
    return Standing.of(ground.fleet(), known, config.limits().health());
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
      Standing now = judged(old.ground());
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
      picture = picture(old.snapshot(), old.ground(), steer(old.ground(), now), old.names());
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
      picture = compile(old.snapshot(), old.names());
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
    return new Explainer(now.steer(), id -> sites.find(now.snapshot(), id))
        .explain(viewer, distribution);
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
    Geography geography = now.ground().geography();
    for (int i = 0; i < geography.locations().size(); i++) {
      String word = standing.state(i).name().toLowerCase(Locale.ROOT).replace('_', ' ');
      locations.put(geography.locations().get(i).id(), word);
    }
    return new RoutingStatus(
        now.snapshot().revision(),
        now.names().tailored(),
        locations,
        standing.judgements(),
        standing.lapsed(),
        standing.isHealthIgnored(),
        standing.isFreshnessIgnored(),
        geography.ranges(Family.IPV4).size(),
        geography.ranges(Family.IPV6).size());
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
    return now == null ? List.of() : now.ground().codecs();
  }
}
