package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
import warmfront.routing.health.Judgement;
import warmfront.routing.latency.LatencyLimits;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.place.Countries;
import warmfront.routing.place.CountryDatabase;
import warmfront.routing.place.SmallDatabase;
import warmfront.snapshot.Snapshot;
import warmfront.time.ManualClock;

final class SteerTest {
  private static final String ROWS =
      """
      203.0.0.0/16,NRT=5,FRA=230
      203.0.113.0/24,FRA=4
      203.0.112.0/20,SYD=9
      2a00:1450::/32,CMH=9
      2a00:1450:4000::/56,GRU=7
      10.0.0.0/9,FRA=2
      """;

  private static final int FRA = 1;
  private static final Site ALL = Pictures.site("E1", PriceClass.PRICE_CLASS_ALL);
  private static final Site CHEAP = Pictures.site("E2", PriceClass.PRICE_CLASS_100);
  private static final Viewer GERMAN = viewer(0xc6336400);
  private static final Viewer NOWHERE = viewer(0x01020300);

  @Test
  void answers_are_the_same_throughout_a_scope_and_scopes_never_overlap() throws IOException {
    Steer steer = steer(Pictures.five(), Map.of());
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      boolean six = i % 2 == 1;
      Viewer one = six ? viewer6(near6(random)) : viewer(near4(random));
      Choice answer = chosen(steer, one);
      // Another address anywhere within the scope: same addresses, same scope. As every two
      // overlapping scopes hold an address in common, no two of them differ.
      long free = answer.scope() == 0 ? -1L : (1L << (64 - answer.scope())) - 1;
      long bits = (one.bits() & ~free) | (random.nextLong() & free);
      Choice other = chosen(steer, new Viewer(Viewer.Origin.CLIENT_SUBNET, one.family(), bits));

      assertThat(other.scope()).as("round %d", i).isEqualTo(answer.scope());
      assertThat(other.addresses()).as("round %d", i).isEqualTo(answer.addresses());
      assertThat(answer.scope()).isBetween(0, six ? 56 : 24);
    }
  }

  /** What a resolver may keep: of any two answers whose scopes overlap one is the other. */
  @Test
  void over_random_tables_overlapping_scopes_hold_the_same_answer() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Steer steer =
          steer(Pictures.five(), Map.of(), Map.of("fra-1", random.nextInt(100)), table(random));
      Map<Long, String> answers = new HashMap<>();
      for (int i = 0; i < 500; i++) {
        int address = 0x2d000000 | random.nextInt(1 << 20);
        Choice choice = chosen(steer, viewer(address));
        String said = choice.addresses() + "/" + choice.scope();
        // Every /24 of the scope gets what this one got.
        long first =
            Integer.toUnsignedLong(address) >>> (32 - choice.scope()) << (32 - choice.scope());
        for (long unit = first; unit < first + (1L << (32 - choice.scope())); unit += 256) {
          String before = answers.putIfAbsent(unit, said);
          assertThat(before == null || before.equals(said)).as("seed %d", seed).isTrue();
        }
      }
    }
  }

  /** Rows of random lengths, one within another, within 45.0.0.0/12. */
  private static String table(Random random) {
    String[] locations = {"CMH", "FRA", "NRT", "GRU", "SYD"};
    Set<String> seen = new HashSet<>();
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      int length = 12 + random.nextInt(13);
      int base = (0x2d000000 | random.nextInt(1 << 20)) & (-1 << (32 - length));
      String prefix =
          "%d.%d.%d.0/%d".formatted(base >>> 24, base >> 16 & 0xff, base >> 8 & 0xff, length);
      if (seen.add(prefix)) {
        rows.append(prefix).append(',').append(locations[random.nextInt(5)]).append("=5\n");
      }
    }
    return rows.toString();
  }

  /**
   * What client subnets cost a resolver that serves everybody: so many entries for one popular name
   * over the example's ranges; without them it would have one.
   */
  @Test
  void a_resolver_keeps_as_many_answers_as_there_are_ranges_that_differ() throws IOException {
    Steer steer = steer(Pictures.five(), Map.of());
    Set<String> entries = new HashSet<>();
    for (int network = 0; network < 1 << 16; network++) {
      long bits = 0xcb000000L | (network << 8);
      int scope = chosen(steer, viewer((int) bits)).scope();
      entries.add((bits & (-1L << (32 - scope))) + "/" + scope);
    }

    // 203.0.0.0/8 is one country; of it a /16 is measured, in that a /20, and in that a /24.
    assertThat(entries).hasSize(8 + 4 + 4 + 1);
  }

  @Test
  void private_addresses_have_no_country_whatever_the_database_says() throws IOException {
    Steer steer = steer(Pictures.five(), Map.of());

    assertThat(chosen(steer, viewer(0xc0a80101)).scope()).isEqualTo(24);
    assertThat(decided(steer, viewer(0xc0a80101))).isEqualTo(Basis.RENDEZVOUS);
    assertThat(decided(steer, viewer6(0xfd000000_00000000L))).isEqualTo(Basis.RENDEZVOUS);
    // A row of the operator's own counts for them as for any other.
    assertThat(decided(steer, viewer(0x0a010101))).isEqualTo(Basis.LATENCY);
  }

  @Test
  void a_silent_location_is_left_out_and_the_next_nearest_takes_over() throws IOException {
    Map<String, Judgement> judged = Map.of("fra-1", Judgement.SILENT);

    assertThat(first(steer(Pictures.five(), judged), GERMAN)).isEqualTo("127.0.0.1");
    assertThat(first(steer(Pictures.five(), Map.of()), GERMAN)).isEqualTo("127.0.0.2");
  }

  @Test
  void if_all_look_dead_health_is_ignored() throws IOException {
    Map<String, Judgement> judged = new HashMap<>();
    for (String id : List.of("cmh-1", "fra-1", "nrt-1", "gru-1", "syd-1")) {
      judged.put(id, Judgement.SILENT);
    }

    Steer steer = steer(Pictures.five(), judged);

    assertThat(steer.standing().isHealthIgnored()).isTrue();
    assertThat(first(steer, GERMAN)).isEqualTo("127.0.0.2");
  }

  @Test
  void a_location_outside_the_price_class_serves_rather_than_nobody() throws IOException {
    Map<String, Judgement> judged =
        Map.of("cmh-1", Judgement.SILENT, "fra-1", Judgement.NOT_SERVING);

    assertThat(first(steer(Pictures.five(), judged), CHEAP, GERMAN)).isEqualTo("127.0.0.3");
  }

  @Test
  void draining_servers_get_nobody_unless_there_is_nobody_else() throws IOException {
    Pictures draining =
        Pictures.five()
            .server("fra-1", "FRA", List.of("127.0.0.2"), List.of(), 100, Server.State.DRAINING);
    Pictures weightless =
        Pictures.five()
            .server("fra-1", "FRA", List.of("127.0.0.2"), List.of(), 0, Server.State.ACTIVE);
    Pictures alone =
        new Pictures()
            .location("FRA", "DE", 50, 8.6, PriceClass.PRICE_CLASS_100)
            .server("fra-1", "FRA", List.of("127.0.0.2"), List.of(), 1, Server.State.DRAINING);

    assertThat(first(steer(draining, Map.of()), GERMAN)).isEqualTo("127.0.0.1");
    assertThat(first(steer(weightless, Map.of()), GERMAN)).isEqualTo("127.0.0.1");
    assertThat(first(steer(alone, Map.of()), GERMAN)).isEqualTo("127.0.0.2");
    assertThat(choice(steer(alone, Map.of()), ALL, GERMAN, AddressFamily.IPV6).outcome())
        .isEqualTo(Choice.Outcome.NO_SUCH_FAMILY);
  }

  @Test
  void a_fleet_without_a_server_cannot_say() throws IOException {
    Pictures empty =
        new Pictures()
            .location("FRA", "DE", 50, 8.6, PriceClass.PRICE_CLASS_100)
            .server("fra-1", "FRA", List.of("127.0.0.2"), List.of(), 1, Server.State.REVOKED);

    assertThat(choice(steer(empty, Map.of()), ALL, GERMAN, AddressFamily.IPV4).outcome())
        .isEqualTo(Choice.Outcome.NO_SERVER);
  }

  @Test
  void of_many_servers_four_answer_and_one_that_dies_moves_only_its_share() throws IOException {
    Pictures many = Pictures.five();
    for (int i = 2; i <= 9; i++) {
      many.server("fra-" + i, "FRA", List.of("127.0.1." + i), List.of());
    }
    List<String> all = texts(chosen(steer(many, Map.of()), GERMAN));
    String dead = all.get(1);
    String server = dead.equals("127.0.0.2") ? "fra-1" : "fra-" + dead.substring(8);

    List<String> left = texts(chosen(steer(many, Map.of(server, Judgement.SILENT)), GERMAN));

    assertThat(all).hasSize(4).doesNotHaveDuplicates();
    assertThat(left).hasSize(4).doesNotContain(dead).contains(all.get(0), all.get(2), all.get(3));
  }

  @Test
  void an_overloaded_location_sheds_its_share_to_the_next_and_no_scope_is_torn()
      throws IOException {
    Steer all = steer(Pictures.five(), Map.of());
    Steer shedding = steer(Pictures.five(), Map.of(), Map.of("fra-1", 40));
    Random random = new Random(5);
    int near = 0;
    int shed = 0;
    for (int i = 0; i < 20_000; i++) {
      Viewer one = viewer(near4(random));
      int before = location(all, one);
      Choice answer = chosen(shedding, one);
      long free = answer.scope() == 0 ? -1L : (1L << (64 - answer.scope())) - 1;
      Viewer other =
          new Viewer(
              Viewer.Origin.CLIENT_SUBNET,
              one.family(),
              (one.bits() & ~free) | (random.nextLong() & free));
      assertThat(chosen(shedding, other).addresses()).isEqualTo(answer.addresses());
      if (before == FRA) {
        near++;
        shed += location(shedding, one) == FRA ? 0 : 1;
      } else {
        assertThat(location(shedding, one)).isEqualTo(before);
      }
    }
    assertThat(near).isPositive();
    assertThat(shed).isBetween(0, near);
  }

  @Test
  void unknown_ranges_are_shed_in_the_share_that_was_asked_for() throws IOException {
    Steer all = steer(Pictures.five(), Map.of());
    Steer shedding = steer(Pictures.five(), Map.of(), Map.of("fra-1", 40));
    int near = 0;
    int shed = 0;
    for (int i = 0; i < 20_000; i++) {
      Viewer one = viewer(0xc0a80000 | (i << 3));
      if (location(all, one) == FRA) {
        near++;
        shed += location(shedding, one) == FRA ? 0 : 1;
      }
    }

    assertThat(shed / (double) near).isBetween(0.3, 0.5);
  }

  @Test
  void when_all_shed_all_serve() throws IOException {
    Map<String, Integer> all =
        Map.of("cmh-1", 100, "fra-1", 100, "gru-1", 100, "nrt-1", 100, "syd-1", 100);

    assertThat(location(steer(Pictures.five(), Map.of(), all), GERMAN))
        .isEqualTo(location(steer(Pictures.five(), Map.of()), GERMAN));
  }

  private static int location(Steer steer, Viewer viewer) {
    return Decision.location(steer.decide(ALL, viewer, AddressFamily.IPV4));
  }

  @Test
  void a_redirected_viewer_is_sent_to_the_location_of_the_name_while_that_serves()
      throws IOException {
    Steer all = steer(Pictures.five(), Map.of());
    int sydney = 4;
    assertThat(all.locations().get(sydney).id()).isEqualTo("SYD");

    assertThat(at(all, sydney).scope()).isZero();
    assertThat(texts(at(all, sydney)).getFirst()).isEqualTo("127.0.0.5");
    Steer without = steer(Pictures.five(), Map.of("syd-1", Judgement.SILENT));
    assertThat(at(without, sydney).addresses()).isEqualTo(chosen(without, GERMAN).addresses());
  }

  @Test
  void a_channel_is_at_one_server_of_its_home_whoever_asks_while_that_serves() throws IOException {
    Pictures pictures = Pictures.five();
    for (int i = 2; i <= 4; i++) {
      pictures.server("fra-" + i, "FRA", List.of("127.0.1." + i), List.of());
    }
    Site channel = Sites.site(Pictures.channel("cam1", "FRA"), FRA);

    Steer all = steer(pictures, Map.of());
    List<String> home = texts(choice(all, channel, GERMAN, AddressFamily.IPV4));
    assertThat(home).hasSize(1);
    assertThat(texts(choice(all, channel, NOWHERE, AddressFamily.IPV4))).isEqualTo(home);
    assertThat(choice(all, channel, NOWHERE, AddressFamily.IPV4).scope()).isZero();
    assertThat(choice(all, channel, GERMAN, AddressFamily.IPV6).outcome())
        .isEqualTo(Choice.Outcome.NO_SUCH_FAMILY);

    String owner =
        home.getFirst().equals("127.0.0.2") ? "fra-1" : "fra-" + home.getFirst().substring(8);
    Steer without = steer(pictures, Map.of(owner, Judgement.SILENT));
    assertThat(texts(choice(without, channel, GERMAN, AddressFamily.IPV4)))
        .hasSize(1)
        .isNotEqualTo(home);
  }

  @Test
  void a_choice_makes_no_garbage() throws IOException {
    Pictures many = Pictures.five();
    for (int i = 2; i <= 9; i++) {
      many.server("fra-" + i, "FRA", List.of("127.0.1." + i), List.of(), i, Server.State.ACTIVE);
    }
    Steer steer = steer(many, Map.of(), Map.of("fra-1", 40));
    Choice choice = new Choice();
    Random random = new Random(3);
    Runnable turn =
        () -> {
          AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
          steer.choose(
              random.nextBoolean() ? ALL : CHEAP, Steering.ANYWHERE, GERMAN, family, choice);
          steer.choose(
              random.nextBoolean() ? ALL : CHEAP, Steering.ANYWHERE, NOWHERE, family, choice);
        };

    assertThat(Garbage.bytes(turn)).isZero();
  }

  private static Steer steer(Pictures pictures, Map<String, Judgement> judged) throws IOException {
    return steer(pictures, judged, Map.of());
  }

  private static Steer steer(
      Pictures pictures, Map<String, Judgement> judged, Map<String, Integer> shed)
      throws IOException {
    return steer(pictures, judged, shed, ROWS);
  }

  private static Steer steer(
      Pictures pictures, Map<String, Judgement> judged, Map<String, Integer> shed, String rows)
      throws IOException {
    Snapshot snapshot = pictures.snapshot();
    List<Location> locations =
        snapshot.all(Kind.LOCATION, Location.class).stream()
            .sorted(Comparator.comparing(Location::id))
            .toList();
    Fleet fleet = Fleet.of(locations, snapshot.all(Kind.SERVER, Server.class));
    Geography geography = Geography.of(locations, tables(rows), Optional.empty());
    Standing standing =
        Standing.of(fleet, new Standing.Known(judged, shed, Set.of()), HealthLimits.DEFAULT);
    return new Steer(geography, standing, new SteeringCounters(), new ManualClock(Instant.EPOCH));
  }

  private static Geography.Tables tables(String rows) throws IOException {
    LatencyTable.Read read = LatencyTable.read(new StringReader(rows), LatencyLimits.DEFAULT);
    byte[] countries =
        new SmallDatabase()
            .with("198.51.100.0", 22, "DE")
            .with("45.0.0.0", 8, "BR")
            .with("46.0.0.0", 8, "DE")
            .with("47.0.0.0", 25, "DE")
            .with("47.0.0.128", 25, "JP")
            .with("203.0.0.0", 8, "JP")
            .with("2a00::", 12, "DE")
            .with("2400::", 12, "JP")
            .with("192.168.0.0", 16, "AU")
            .with("10.0.0.0", 8, "AU")
            .with("fc00::", 7, "AU")
            .bytes();
    return new Geography.Tables(
        ((LatencyTable.Read.Loaded) read).table(),
        CountryRanges.of(CountryDatabase.read(new ByteArrayInputStream(countries))),
        Countries.known());
  }

  private static int near4(Random random) {
    int[] bases = {0xcb007100, 0xcb000000, 0xcb007000, 0x2d000000, 0x2f000000, 0x0a000000};
    int spread = 1 << random.nextInt(32);
    return random.nextInt(8) == 0
        ? random.nextInt()
        : bases[random.nextInt(bases.length)] ^ (random.nextInt() & (spread - 1));
  }

  private static long near6(Random random) {
    long[] bases = {0x2a001450_40000000L, 0x2a001450_00000000L, 0x24000000_00000000L};
    long spread = 1L << random.nextInt(64);
    return bases[random.nextInt(bases.length)] ^ (random.nextLong() & (spread - 1));
  }

  private static Viewer viewer(int address) {
    return new Viewer(
        Viewer.Origin.CLIENT_SUBNET, AddressFamily.IPV4, Integer.toUnsignedLong(address) << 32);
  }

  private static Viewer viewer6(long bits) {
    return new Viewer(Viewer.Origin.CLIENT_SUBNET, AddressFamily.IPV6, bits);
  }

  private static Choice chosen(Steer steer, Viewer viewer) {
    return choice(steer, ALL, viewer, AddressFamily.IPV4);
  }

  private static Choice at(Steer steer, int place) {
    Choice choice = new Choice();
    steer.choose(ALL, place, GERMAN, AddressFamily.IPV4, choice);
    return choice;
  }

  private static Choice choice(Steer steer, Site site, Viewer viewer, AddressFamily family) {
    Choice choice = new Choice();
    steer.choose(site, Steering.ANYWHERE, viewer, family, choice);
    return choice;
  }

  private static Basis decided(Steer steer, Viewer viewer) {
    return Decision.basis(steer.decide(ALL, viewer, AddressFamily.IPV4));
  }

  private static List<String> texts(Choice chosen) {
    List<String> all = new ArrayList<>();
    chosen.addresses().forEach(address -> all.add(address.getHostAddress()));
    return all;
  }

  private static String first(Steer steer, Viewer viewer) {
    return first(steer, ALL, viewer);
  }

  private static String first(Steer steer, Site site, Viewer viewer) {
    return texts(choice(steer, site, viewer, AddressFamily.IPV4)).getFirst();
  }
}
