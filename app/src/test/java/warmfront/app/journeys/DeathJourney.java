package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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

/**
 * Promise: a location that dies under load leaves the answers of the DNS servers at once, and no
 * other does; when four in ten are dead, viewers are sent to the living.
 */
@Tag("full")
@TestMethodOrder(OrderAnnotation.class)
final class DeathJourney {
  /** A dead location is out after this; with the addresses' TTL of 20 s, viewers are, too. */
  private static final Duration OUT_MAX = Duration.ofSeconds(5);

  private static final Duration CALM = Duration.ofSeconds(8);

  /** Locations, the nearest first for the one viewer that all questions are for. */
  private static final Map<String, String> PLACES = places();

  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.7");

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static Origin origin;
  private static Asking asking;

  private static Map<String, String> places() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String code : List.of("FRA", "GRU", "SYD", "CMH", "NRT")) {
      all.put(code, "127.0.0." + (all.size() + 2));
    }
    return all;
  }

  /** Look-ups at both DNS servers, one after the other without a pause, each with its time. */
  private static final class Asking {
    record Answer(long nanos, String location) {}

    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private volatile boolean ends;

    static Asking begin(String name) {
      Asking asking = new Asking();
      Thread.ofPlatform().daemon().start(() -> asking.ask(name));
      return asking;
    }

    private void ask(String name) {
      while (!ends) {
        for (String dns : List.of("dns-1", "dns-2")) {
          answers.add(new Answer(System.nanoTime(), located(name, dns)));
        }
        try {
          TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException _) {
          return;
        }
      }
    }

    private static String located(String name, String dns) {
      try {
        DnsQuestion.Answer answer =
            new DnsQuestion(name, DnsQuestion.A, VIEWER).ask(fleet.dns(dns));
        return answer.addresses().isEmpty()
            ? "nobody"
            : PLACES.entrySet().stream()
                .filter(place ->
                    place.getValue().equals(answer.addresses().getFirst().getHostAddress()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("elsewhere");
      } catch (Exception failed) {
        return failed.toString();
      }
    }

    List<Answer> since(long nanos) {
      List<Answer> later = new ArrayList<>(answers);
      later.removeIf(answer -> answer.nanos() - nanos < 0);
      return later;
    }

    Set<String> locationsSince(long nanos) {
      return Set.copyOf(since(nanos).stream().map(Answer::location).toList());
    }
  }

  @BeforeAll
  static void five_locations_and_two_dns_servers() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=600", "page");
    fleet = Fleet.begin(folder);
    List<String> codes = List.copyOf(PLACES.keySet());
    fleet.locations(codes.getFirst(), codes.subList(1, 5).toArray(String[]::new));
    for (Map.Entry<String, String> place : PLACES.entrySet()) {
      fleet.registerEdge(edge(place.getKey()), place.getKey(), place.getValue());
    }
    fleet.registerDns("dns-1", "FRA");
    fleet.registerDns("dns-2", "NRT");
    fleet.startAll(true, "fra-1", "cmh-1", "gru-1", "nrt-1", "syd-1", "dns-1", "dns-2");
    Await.until("all are live", () -> fleet.list().lines().allMatch(l -> l.contains("  live  ")));
    Api.Made made;
    try (Api api = fleet.api()) {
      made = api.createDistribution(Api.plain("death", origin.port()));
    }
    asking = Asking.begin(made.domainName());
    long now = System.nanoTime();
    Await.until("FRA is answered", () -> asking.locationsSince(now).contains("FRA"));
  }

  private static String edge(String code) {
    return code.toLowerCase(Locale.ROOT) + "-1";
  }

  @AfterAll
  static void end() {
    asking.ends = true;
    fleet.close();
    origin.close();
  }

  /** Kills an edge and returns how long its location was still answered. */
  private static Duration kill(String code) throws Exception {
    fleet.kill(edge(code));
    long killed = System.nanoTime();
    Await.until(
        code + " is answered no more",
        () -> {
          long lately = System.nanoTime() - Duration.ofSeconds(1).toNanos();
          return asking.since(lately).size() > 20 && !asking.locationsSince(lately).contains(code);
        });
    return asking.since(killed).stream()
        .filter(answer -> answer.location().equals(code))
        .map(answer -> Duration.ofNanos(answer.nanos() - killed))
        .reduce(Duration.ZERO, (_, later) -> later);
  }

  @Test
  @Order(1)
  void a_dead_location_is_out_and_nobody_is_moved_twice() throws Exception {
    Duration out = kill("FRA");

    assertThat(out).isLessThan(OUT_MAX);
    long after = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
    assertThat(asking.locationsSince(after)).containsExactly("GRU");
  }

  @Test
  @Order(2)
  void when_two_of_five_are_dead_the_living_are_answered() throws Exception {
    Duration out = kill("GRU");

    assertThat(out).isLessThan(OUT_MAX);
    long after = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
    assertThat(asking.locationsSince(after)).containsExactly("SYD");
  }

  @Test
  @Order(3)
  void when_all_are_dead_an_address_is_answered_all_the_same() throws Exception {
    for (String code : List.of("SYD", "CMH", "NRT")) {
      fleet.kill(edge(code));
    }
    TimeUnit.NANOSECONDS.sleep(OUT_MAX.toNanos());

    long after = System.nanoTime();
    Await.until("answers come", () -> asking.since(after).size() > 20);
    assertThat(asking.locationsSince(after)).isSubsetOf(PLACES.keySet());
  }
}
