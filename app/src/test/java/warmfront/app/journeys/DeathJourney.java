package warmfront.app.journeys;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.journeys.Crowd.Visit;

/**
 * Promise: of a location that dies under load at least 95 % of new look-ups are elsewhere within 25
 * s, the time that resolvers keep answers included; who came to a living one stays there, and who
 * was at one is not moved at all. So it is when four in ten die at once. When all are dead, an
 * address is answered all the same.
 */
@Tag("full")
@TestMethodOrder(OrderAnnotation.class)
final class DeathJourney {
  private static final Duration MOVED_WITHIN = Duration.ofSeconds(25);
  private static final double MOVED_SHARE = 0.95;

  /** After those, for longer than an answer is kept, everything stays as it is. */
  private static final Duration CALM = Duration.ofSeconds(25);

  /** A dead server is out of the answers themselves after this. */
  private static final Duration OUT_MAX = Duration.ofSeconds(5);

  private static final List<String> CODES =
      List.of(
          "FRA", "LHR", "CDG", "MAD", "ARN", "WAW", "IAD", "CMH", "LAX", "SEA", "GRU", "EZE", "JNB",
          "NBO", "BOM", "SIN", "HKG", "NRT", "ICN", "SYD");

  private static final int VIEWERS_PER_LOCATION = 10;
  private static final int VISITS_PER_SECOND = 100;

  /** Edges that are started side by side. */
  private static final int BATCH = 2;

  private static final List<String> DNS = List.of("dns-1", "dns-2");

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static Origin origin;
  private static Api.Made made;
  private static Crowd crowd;

  @BeforeAll
  static void twenty_locations_two_dns_servers_and_viewers_everywhere() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=600", "page");
    fleet = Fleet.begin(folder, Map.of("zone.ttl", "20 s"));
    fleet.latencies(latencies());
    fleet.locations(CODES.getFirst(), CODES.subList(1, CODES.size()).toArray(String[]::new));
    for (String code : CODES) {
      fleet.registerEdge(edge(code), code, address(code));
    }
    for (String dns : DNS) {
      fleet.registerDns(dns, CODES.getFirst());
    }
    fleet.startAll(true, DNS.toArray(String[]::new));
    for (int i = 0; i < CODES.size(); i += BATCH) {
      fleet.startAll(
          true,
          CODES.subList(i, i + BATCH).stream().map(DeathJourney::edge).toArray(String[]::new));
    }
    Await.until("all are live", () -> fleet.list().lines().allMatch(l -> l.contains("  live  ")));
    try (Api api = fleet.api()) {
      made = api.createDistribution(Api.plain("death", origin.port()));
    }
    crowd =
        Crowd.begin(
            new Crowd.Target(made.domainName(), fleet.httpPort(), "/page"),
            viewers(),
            DNS.stream().map(fleet::dns).toList(),
            VISITS_PER_SECOND);
    Await.until("all viewers came", () -> crowd.places().size() == viewers().size());
    crowd
        .places()
        .forEach((viewer, address) -> assertThat(address).isEqualTo(address(home(viewer))));
  }

  /** Each viewer has a network of its own and is at home at one location. */
  private static List<InetAddress> viewers() {
    List<InetAddress> all = new ArrayList<>();
    for (int i = 0; i < CODES.size() * VIEWERS_PER_LOCATION; i++) {
      all.add(InetAddress.ofLiteral("192.0.%d.9".formatted(i)));
    }
    return all;
  }

  private static String home(int viewer) {
    return CODES.get(viewer / VIEWERS_PER_LOCATION);
  }

  /** Its second choice, and each further one, differs from that of the next viewer. */
  private static String latencies() {
    StringBuilder rows = new StringBuilder();
    for (int viewer = 0; viewer < CODES.size() * VIEWERS_PER_LOCATION; viewer++) {
      rows.append("192.0.%d.0/24".formatted(viewer));
      int home = CODES.indexOf(home(viewer));
      for (int i = 0; i < CODES.size(); i++) {
        int from = Math.floorMod(i - home, CODES.size());
        int far = from == 0 ? 0 : 1 + Math.floorMod(from - viewer, CODES.size() - 1);
        rows.append(",%s=%d".formatted(CODES.get(i), 5 + 5 * far));
      }
      rows.append('\n');
    }
    return rows.toString();
  }

  private static String edge(String code) {
    return code.toLowerCase(Locale.ROOT) + "-1";
  }

  private static String address(String code) {
    return Fleet.ADDRESSES.get(CODES.indexOf(code));
  }

  @AfterAll
  static void end() {
    if (crowd != null) {
      crowd.close();
    }
    fleet.close();
    origin.close();
  }

  @Test
  @Order(1)
  void viewers_of_a_dead_location_are_moved_once_and_others_not_at_all() throws Exception {
    die("FRA");
  }

  @Test
  @Order(2)
  void when_four_in_ten_are_dead_all_viewers_are_at_the_living() throws Exception {
    die("CDG", "ARN", "IAD", "LAX", "GRU", "JNB", "BOM");
  }

  @Test
  @Order(3)
  void when_all_are_dead_an_address_is_answered_all_the_same() throws Exception {
    crowd.close();
    for (String code : CODES) {
      fleet.kill(edge(code));
    }
    TimeUnit.NANOSECONDS.sleep(OUT_MAX.toNanos());

    for (InetAddress viewer : viewers()) {
      for (String dns : DNS) {
        DnsQuestion.Answer answer =
            new DnsQuestion(made.domainName(), DnsQuestion.A, viewer).ask(fleet.dns(dns));
        assertThat(answer.addresses()).isNotEmpty();
      }
    }
  }

  /** Kills the edges of locations and looks where their viewers go. */
  private static void die(String... codes) throws Exception {
    Map<Integer, String> before = crowd.places();
    for (String code : codes) {
      fleet.kill(edge(code));
    }
    long killed = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(MOVED_WITHIN.plus(CALM).toNanos());
    List<Visit> after = crowd.since(killed);
    Set<String> dead = Set.copyOf(List.of(codes).stream().map(DeathJourney::address).toList());
    List<Visit> bereft =
        after.stream().filter(visit -> dead.contains(before.get(visit.viewer()))).toList();
    say(codes.length, bereft, dead, killed);

    assertThat(after).noneMatch(visit -> visit.address().isEmpty());
    long due = killed + MOVED_WITHIN.toNanos();
    List<Visit> late = bereft.stream().filter(visit -> visit.nanos() - due >= 0).toList();
    assertThat(late).hasSizeGreaterThan(VIEWERS_PER_LOCATION);
    assertThat(share(late, dead)).isGreaterThanOrEqualTo(MOVED_SHARE);
    assertThat(after.stream().filter(visit -> !dead.contains(visit.address())))
        .allMatch(Visit::served);
    after.stream()
        .collect(groupingBy(Visit::viewer))
        .forEach((viewer, visits) -> {
          String first = String.valueOf(before.get(viewer));
          Set<String> settled = settled(visits, dead);
          assertThat(settled).as("viewer " + viewer).hasSizeLessThanOrEqualTo(1);
          if (!dead.contains(first)) {
            assertThat(settled).as("viewer " + viewer).containsExactly(first);
          }
        });
  }

  /** Returns where a viewer was from its first look-up on that found none of the dead. */
  private static Set<String> settled(List<Visit> visits, Set<String> dead) {
    return visits.stream()
        .map(Visit::address)
        .dropWhile(dead::contains)
        .collect(toUnmodifiableSet());
  }

  /** Returns the share of look-ups that found none of the dead. */
  private static double share(List<Visit> visits, Set<String> dead) {
    long moved = visits.stream().filter(visit -> !dead.contains(visit.address())).count();
    return moved / (double) visits.size();
  }

  /** Says from which second on enough look-ups found none of the dead. */
  private static void say(int locations, List<Visit> bereft, Set<String> dead, long killed) {
    Map<Long, List<Visit>> bySecond =
        bereft.stream()
            .collect(groupingBy(visit -> TimeUnit.NANOSECONDS.toSeconds(visit.nanos() - killed)));
    long last =
        bySecond.entrySet().stream()
            .filter(second -> share(second.getValue(), dead) < MOVED_SHARE)
            .mapToLong(Map.Entry::getKey)
            .max()
            .orElse(-1);
    System.out.printf(
        "%d of %d locations died: %d look-ups of their viewers, 95 %% elsewhere after %d s%n",
        locations, CODES.size(), bereft.size(), last + 1);
  }
}
