package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.Choice;
import warmfront.routing.dns.Garbage;
import warmfront.routing.dns.Site;
import warmfront.routing.dns.Steering;
import warmfront.routing.dns.Viewer;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.routing.map.Rules;
import warmfront.routing.map.Terrain;
import warmfront.routing.place.Countries;
import warmfront.routing.place.CountryDatabase;
import warmfront.routing.place.SmallDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.snapshot.Snapshot;
import warmfront.time.ManualClock;

/** Random latency maps over countries: scopes are honest (RFC 7871, section 7.2.1). */
final class MappedScopeTest {
  private static final Site ALL = Pictures.site("E1", PriceClass.PRICE_CLASS_ALL);
  private static final Site CHEAP = Pictures.site("E2", PriceClass.PRICE_CLASS_100);
  private static final long[] BLOCKS4 = {0x2d000000L << 32, 0xcb000000L << 32, 0x0a000000L << 32};
  private static final long[] BLOCKS6 = {0x2a001450_00000000L, 0x24000000_00000000L};

  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Snapshot snapshot = Pictures.five().snapshot();
  private final List<Location> locations =
      snapshot.all(Kind.LOCATION, Location.class).stream()
          .sorted(Comparator.comparing(Location::id))
          .toList();

  private LatencyMap map(Random random) throws IOException {
    MapMaker maker = new MapMaker(Terrain.NONE, MapLimits.DEFAULT, clock);
    String rules =
        """
        45.0.0.0/14,forbid,GRU
        10.3.0.0/16,pin,SYD
        2a00:1450:4::/48,prefer,NRT
        """;
    maker.obey(((Rules.Read.Loaded) Rules.read(new StringReader(rules))).rules());
    maker.make(locations, Map.of());
    for (Location location : locations) {
      Map<Long, Measured> rows = new TreeMap<>();
      for (int i = 0; i < 300; i++) {
        boolean six = i % 3 == 0;
        Family family = six ? Family.IPV6 : Family.IPV4;
        long bits = near(six, random) & (-1L << (Long.SIZE - family.measuredLength()));
        double log = Math.log(5_000 + random.nextInt(5) * 20_000);
        rows.put(
            bits, new Measured(new Prefix(family, bits, family.measuredLength()), 50, log, 1, 1));
      }
      maker.take(new RttReport(location.id(), location.id(), 0, List.copyOf(rows.values())));
    }
    clock.advance(Duration.ofMinutes(1));
    maker.make(locations, Map.of());
    return maker.newest().orElseThrow();
  }

  private static long near(boolean six, Random random) {
    long[] blocks = six ? BLOCKS6 : BLOCKS4;
    int shift = six ? 16 : 40;
    long within = random.nextLong(1L << random.nextInt(1, 11));
    return blocks[random.nextInt(blocks.length)] | within << shift | random.nextLong(1L << shift);
  }

  private Steer steer(LatencyMap map) throws IOException {
    byte[] countries =
        new SmallDatabase()
            .with("45.0.0.0", 8, "BR")
            .with("203.0.0.0", 9, "JP")
            .with("2a00::", 12, "DE")
            .bytes();
    Geography.Tables tables =
        new Geography.Tables(
            LatencyTable.EMPTY,
            CountryRanges.of(CountryDatabase.read(new ByteArrayInputStream(countries))),
            Countries.known());
    Standing standing =
        Standing.of(
            Fleet.of(locations, snapshot.all(Kind.SERVER, Server.class)),
            new Standing.Known(Map.of(), Map.of("fra-1", 30), Set.of()),
            HealthLimits.DEFAULT);
    return new Steer(
        Geography.of(locations, tables, Optional.of(map)), standing, new SteeringCounters(), clock);
  }

  private static Viewer viewer(boolean six, long bits) {
    AddressFamily family = six ? AddressFamily.IPV6 : AddressFamily.IPV4;
    return new Viewer(Viewer.Origin.CLIENT_SUBNET, family, bits);
  }

  @Test
  void answers_are_the_same_throughout_a_scope_and_scopes_never_overlap() throws IOException {
    int explored = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Steer steer = steer(map(random));
      for (int i = 0; i < 1_000; i++) {
        boolean six = i % 2 == 0;
        Site site = i % 3 == 0 ? CHEAP : ALL;
        long bits = near(six, random);
        Choice answer = new Choice();
        steer.choose(site, Steering.ANYWHERE, viewer(six, bits), AddressFamily.IPV4, answer);
        // Another address within the scope has the same answer: then no two scopes that overlap
        // differ, as they have an address in common.
        long free = answer.scope() == 0 ? -1L : (1L << (Long.SIZE - answer.scope())) - 1;
        long top = six ? -1L : -1L << 32;
        long other = (bits & ~free) | (random.nextLong() & free & top);
        Choice again = new Choice();
        steer.choose(site, Steering.ANYWHERE, viewer(six, other), AddressFamily.IPV4, again);

        assertThat(again.scope()).as("seed %d, round %d", seed, i).isEqualTo(answer.scope());
        assertThat(again.addresses())
            .as("seed %d, round %d", seed, i)
            .isEqualTo(answer.addresses())
            .isNotEmpty();
        long decision = steer.decide(ALL, viewer(six, bits), AddressFamily.IPV4);
        explored += Decision.basis(decision) == Basis.EXPLORATION ? 1 : 0;
        clock.advance(Duration.ofSeconds(10));
      }
    }
    assertThat(explored).isPositive();
  }

  @Test
  void a_choice_by_the_map_makes_no_garbage() throws IOException {
    Steer steer = steer(map(new Random(1)));
    List<Viewer> viewers = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 256; i++) {
      viewers.add(viewer(i % 2 == 0, near(i % 2 == 0, random)));
    }
    Choice choice = new Choice();
    Runnable turn =
        () ->
            steer.choose(
                ALL,
                Steering.ANYWHERE,
                viewers.get(random.nextInt(256)),
                AddressFamily.IPV4,
                choice);

    assertThat(Garbage.bytes(turn)).isZero();
  }
}
