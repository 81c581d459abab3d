package warmfront.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.CandidateList;
import warmfront.routing.map.Grid;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.routing.map.Terrain;
import warmfront.routing.place.Coordinates;
import warmfront.routing.place.Countries;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

/**
 * A {@link World} whose viewers are sent by latency maps, minute by minute and without a network:
 * the same for the same seed. Tables know the viewers' countries alone, and each network is an
 * autonomous system of its own.
 */
final class WorldByMap {
  private static final int SLOTS_PER_MINUTE = 60;
  private static final double NEAR_MILLIS = 5;
  private static final double FAR_MILLIS = 25;

  /** Round-trip times of one path vary by so much, as a logarithm. */
  private static final double NOISE = 0.1;

  /**
   * How viewers fared.
   *
   * @param near share within 5 ms of their best location
   * @param far share more than 25 ms worse
   * @param millis mean round-trip time
   * @param exploredMillis what exploring added to it
   */
  record Fare(double near, double far, double millis, double exploredMillis) {}

  private final World world;
  private final double visitsPerMinute;
  private final Random random;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Location> locations;
  private final int[] byCountry;
  private final MapMaker maker;

  WorldByMap(long seed, double visitsPerMinute) {
    this.world = World.of(seed);
    this.visitsPerMinute = visitsPerMinute;
    this.random = new Random(seed);
    this.locations = world.sites().stream().map(WorldByMap::location).toList();
    this.byCountry = world.groups().stream().mapToInt(this::nearest).toArray();
    this.maker = new MapMaker(terrain(), MapLimits.DEFAULT, clock);
    maker.make(locations, Map.of());
  }

  private static Location location(World.Site site) {
    return new Location(
        site.code(),
        site.city(),
        site.country(),
        site.place().latitude(),
        site.place().longitude(),
        PriceClass.PRICE_CLASS_100,
        10,
        Optional.empty());
  }

  private static Coordinates middle(World.Group group) {
    return Countries.known().find(group.country()).orElseThrow();
  }

  private int nearest(World.Group group) {
    return IntStream.range(0, locations.size())
        .boxed()
        .min(
            Comparator.comparingDouble(
                site -> middle(group).millisTo(world.sites().get(site).place())))
        .orElseThrow();
  }

  /** The /16 of each network, with its system and its country's middle. */
  private Terrain terrain() {
    TreeMap<Integer, Coordinates> networks = new TreeMap<>();
    world.groups().forEach(group -> networks.put(group.prefix() >> 16, middle(group)));
    Ranges.Maker systems = new Ranges.Maker(Family.IPV4);
    Ranges.Maker cells = new Ranges.Maker(Family.IPV4);
    networks.forEach((network, place) -> {
      systems.add((long) network << 48, 16, 64_500 + network);
      cells.add((long) network << 48, 16, Grid.cell(place));
    });
    Ranges none = Ranges.none(Family.IPV6);
    return new Terrain(systems.made(), none, cells.made(), none);
  }

  /** Returns how viewers fare by their countries alone. */
  Fare byCountry() {
    Tally tally = new Tally();
    for (int group = 0; group < byCountry.length; group++) {
      tally.add(group, byCountry[group], byCountry[group]);
    }
    return tally.fare(1);
  }

  /** Lives through a minute: viewers connect, edges report, a map is made. */
  Fare minute() {
    Optional<LatencyMap> map = maker.newest();
    Map<Integer, Map<Integer, List<Double>>> measured = new TreeMap<>();
    Tally tally = new Tally();
    for (int group = 0; group < byCountry.length; group++) {
      Prefix viewers = viewers(group);
      Optional<CandidateList> list = map.flatMap(one -> list(one, viewers));
      int usual = list.map(one -> site(map.orElseThrow(), one, 0)).orElse(byCountry[group]);
      double visits = world.groups().get(group).share() * visitsPerMinute / SLOTS_PER_MINUTE;
      for (int slot = 0; slot < SLOTS_PER_MINUTE; slot++) {
        long time = clock.millis() / 1000 + slot;
        int rank = list.map(one -> one.explored(viewers.bits(), time)).orElse(0);
        int site = rank == 0 ? usual : site(map.orElseThrow(), list.orElseThrow(), rank);
        tally.add(group, site, usual);
        visit(group, site, visits, measured);
      }
    }
    clock.advance(Duration.ofMinutes(1));
    measured.forEach(this::report);
    maker.make(locations, Map.of());
    return tally.fare(SLOTS_PER_MINUTE);
  }

  private Prefix viewers(int group) {
    return new Prefix(Family.IPV4, (long) world.groups().get(group).prefix() << 32, 24);
  }

  private static Optional<CandidateList> list(LatencyMap map, Prefix viewers) {
    int list = map.ranges(Family.IPV4).value(viewers.bits());
    return list == Ranges.NONE ? Optional.empty() : Optional.of(map.lists().get(list));
  }

  private int site(LatencyMap map, CandidateList list, int rank) {
    String code = map.head().locations().get(list.location(rank));
    return IntStream.range(0, locations.size())
        .filter(site -> locations.get(site).id().equals(code))
        .findFirst()
        .orElseThrow();
  }

  private void visit(
      int group, int site, double visits, Map<Integer, Map<Integer, List<Double>>> measured) {
    double limit = Math.exp(-visits);
    for (double chance = random.nextDouble(); chance > limit; chance *= random.nextDouble()) {
      double log = Math.log(world.groups().get(group).millis().get(site) * 1000);
      measured
          .computeIfAbsent(site, _ -> new TreeMap<>())
          .computeIfAbsent(group, _ -> new ArrayList<>())
          .add(log + NOISE * random.nextGaussian());
    }
  }

  private void report(int site, Map<Integer, List<Double>> logs) {
    List<Measured> rows = new ArrayList<>();
    logs.forEach((group, own) -> {
      double mean = own.stream().mapToDouble(one -> one).average().orElseThrow();
      double squares = own.stream().mapToDouble(one -> (one - mean) * (one - mean)).sum();
      rows.add(new Measured(viewers(group), own.size(), mean, squares, 1));
    });
    String code = locations.get(site).id();
    maker.take(new RttReport(code + "-1", code, 0, rows));
  }

  /** Sums up slots, each group as its share of the traffic. */
  private final class Tally {
    private double near;
    private double far;
    private double millis;
    private double explored;

    void add(int group, int site, int usual) {
      World.Group viewers = world.groups().get(group);
      double own = viewers.millis().get(site);
      near += own <= viewers.best() + NEAR_MILLIS ? viewers.share() : 0;
      far += own > viewers.best() + FAR_MILLIS ? viewers.share() : 0;
      millis += viewers.share() * own;
      explored += viewers.share() * (own - viewers.millis().get(usual));
    }

    Fare fare(int slots) {
      return new Fare(near / slots, far / slots, millis / slots, explored / slots);
    }
  }

  /** Returns the mean of several. */
  static Fare mean(List<Fare> fares) {
    return new Fare(
        fares.stream().mapToDouble(Fare::near).average().orElseThrow(),
        fares.stream().mapToDouble(Fare::far).average().orElseThrow(),
        fares.stream().mapToDouble(Fare::millis).average().orElseThrow(),
        fares.stream().mapToDouble(Fare::exploredMillis).average().orElseThrow());
  }
}
