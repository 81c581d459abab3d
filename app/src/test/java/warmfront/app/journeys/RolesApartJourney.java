package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.call.Fetch;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Promise: control plane, edges and DNS servers are processes of their own, joined by addresses and
 * one-time tokens; control dies, an edge and a DNS server start again from their own disks, and a
 * viewer notices nothing.
 */
@TestMethodOrder(OrderAnnotation.class)
final class RolesApartJourney {
  private static final InetAddress NEAR_FRA = InetAddress.ofLiteral("192.0.2.7");
  private static final InetAddress NEAR_NRT = InetAddress.ofLiteral("198.51.100.7");
  private static final InetAddress NEAR_CMH = InetAddress.ofLiteral("203.0.113.7");

  /** What edges alone may know. */
  private static final String SECRET = "told-to-the-origin-alone";

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static Origin origin;
  private static final Map<String, Relay> ways = new HashMap<>();
  private static Api.Made made = new Api.Made("", "");

  @BeforeAll
  static void begin() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=600", "first");
    fleet = Fleet.begin(folder);
  }

  @AfterAll
  static void end() {
    fleet.close();
    origin.close();
  }

  @Test
  @Order(1)
  void a_server_without_token_or_credentials_says_what_it_needs() throws Exception {
    try (Program lone = fleet.launch("edge", "lone")) {
      assertThat(lone.exit()).isEqualTo(1);
      assertThat(lone.stderr()).contains("server add").contains("--join").doesNotContain("\tat ");
    }
  }

  @Test
  @Order(2)
  void servers_join_with_their_tokens() throws Exception {
    fleet.locations("FRA", "NRT", "CMH");
    fleet.addEdge("fra-1", "FRA", "127.0.0.2");
    fleet.registerEdge("nrt-1", "NRT", "127.0.0.3");
    fleet.registerEdge("cmh-1", "CMH", "127.0.0.4");
    fleet.registerDns("dns-1", "FRA");
    fleet.registerDns("dns-2", "NRT");
    for (String edge : List.of("fra-1", "nrt-1", "cmh-1")) {
      ways.put(edge, fleet.relay(edge));
    }

    fleet.startAll(true, "fra-1", "nrt-1", "cmh-1", "dns-1", "dns-2");

    Await.until("all are live", () -> fleet.list().lines().allMatch(l -> l.contains("  live  ")));
    assertThat(fleet.list().lines()).hasSize(5);
  }

  @Test
  @Order(3)
  void a_token_is_good_for_one_use() throws Exception {
    try (Program thief = fleet.launch("edge", "thief", "--join", fleet.token("fra-1"))) {
      assertThat(thief.exit()).isEqualTo(1);
      assertThat(thief.stderr()).contains("refuses").doesNotContain("\tat ");
    }
  }

  @Test
  @Order(4)
  void a_distribution_is_deployed_on_all_edges_and_dns_servers() throws Exception {
    try (Api api = fleet.api()) {
      made = api.createDistribution(Api.secretive("apart", origin.port(), SECRET));
    }

    for (String dns : List.of("dns-1", "dns-2")) {
      Await.until("FRA from " + dns, () -> ask(dns, NEAR_FRA).equals("127.0.0.2"));
      Await.until("NRT from " + dns, () -> ask(dns, NEAR_NRT).equals("127.0.0.3"));
      Await.until("CMH from " + dns, () -> ask(dns, NEAR_CMH).equals("127.0.0.4"));
    }
    for (String address : List.of("127.0.0.2", "127.0.0.3", "127.0.0.4")) {
      assertThat(get(address).field("X-Cache")).isEqualTo("Miss from cloudfront");
      assertThat(get(address).field("X-Cache")).isEqualTo("Hit from cloudfront");
    }
    assertThat(origin.secret("/page")).isEqualTo(SECRET);
  }

  @Test
  @Order(5)
  void an_invalidation_completes_on_all_edges() throws Exception {
    origin.says("/page", 200, "max-age=600", "second");

    try (Api api = fleet.api()) {
      api.invalidate(made.id(), "one", "/page");
    }

    for (String address : List.of("127.0.0.2", "127.0.0.3", "127.0.0.4")) {
      assertThat(get(address).text()).isEqualTo("second");
    }
  }

  @Test
  @Order(6)
  void an_edge_that_control_cannot_reach_leaves_dns_while_others_are_fresh() throws Exception {
    way("nrt-1").cut();

    for (String dns : List.of("dns-1", "dns-2")) {
      Await.until("NRT left " + dns, () -> ask(dns, NEAR_NRT).equals("127.0.0.2"));
    }
    assertThat(get("127.0.0.3").status()).as("it serves whoever still comes").isEqualTo(200);
    assertThat(fleet.page("nrt-1", "/readyz").body())
        .startsWith("ready")
        .contains("may not know the latest changes");

    ways.values().forEach(Relay::cut);
    for (String dns : List.of("dns-1", "dns-2")) {
      Await.until("NRT is better than none", () -> ask(dns, NEAR_NRT).equals("127.0.0.3"));
      assertThat(ask(dns, NEAR_FRA)).isEqualTo("127.0.0.2");
    }

    ways.values().forEach(Relay::mend);
    Await.until("no lease is lapsed", () -> !fleet.list().contains("lapsed"));
    Await.until("all are live", () -> fleet.list().lines().allMatch(l -> l.contains("  live  ")));
  }

  private static Relay way(String edge) {
    return Objects.requireNonNull(ways.get(edge));
  }

  @Test
  @Order(7)
  void without_control_all_goes_on_and_servers_start_from_their_own_disks() throws Exception {
    Await.until("NRT has it on disk", () -> onDisk("nrt-1"));
    try (Viewing viewing = Viewing.begin(() -> get(ask("dns-2", NEAR_FRA)).status())) {
      fleet.kill("control");
      viewing.more(20);
      assertThat(ask("dns-1", NEAR_NRT)).isEqualTo("127.0.0.3");

      fleet.kill("nrt-1");
      fleet.kill("dns-1");
      Await.until("NRT left DNS", () -> !ask("dns-2", NEAR_NRT).equals("127.0.0.3"));
      origin.close();
      fleet.startAll(false, "nrt-1", "dns-1");

      assertThat(get("127.0.0.3").field("X-Cache")).isEqualTo("Hit from cloudfront");
      assertThat(get("127.0.0.3").text()).isEqualTo("second");
      for (String dns : List.of("dns-1", "dns-2")) {
        Await.until("NRT is back in " + dns, () -> ask(dns, NEAR_NRT).equals("127.0.0.3"));
      }
      assertThat(fleet.page("nrt-1", "/readyz").body())
          .startsWith("ready")
          .contains("control is not there");
      viewing.more(20);
      assertThat(viewing.bad()).isEmpty();
    }
  }

  @Test
  @Order(8)
  void control_comes_back_and_a_new_change_reaches_all() throws Exception {
    fleet.startControl();

    try (Api api = fleet.api()) {
      api.invalidate(made.id(), "two", "/other");
    }

    Await.until("all are live", () -> fleet.list().lines().allMatch(l -> l.contains("  live  ")));
    for (String server : List.of("fra-1", "nrt-1", "cmh-1", "dns-1", "dns-2")) {
      assertThat(fleet.page(server, "/readyz").body()).doesNotContain("control is not there");
    }
  }

  @Test
  @Order(9)
  void a_revoked_server_loses_its_stream_at_once_and_leaves_dns() throws Exception {
    assertThat(fleet.run("server", "revoke", "cmh-1")).startsWith("revision ");

    Await.until(
        "its stream is closed",
        () -> fleet.page("cmh-1", "/readyz").body().contains("control is not there"));
    Await.until("CMH left DNS", () -> !ask("dns-1", NEAR_CMH).equals("127.0.0.4"));
    assertThat(get("127.0.0.2").status()).isEqualTo(200);
    assertThat(fleet.page("fra-1", "/readyz").body()).doesNotContain("control is not there");
  }

  @Test
  @Order(10)
  void an_edge_that_is_told_to_end_leaves_dns_first_and_exits_with_0() throws Exception {
    assertThat(fleet.program("nrt-1").sigterm()).isZero();

    Await.until("NRT left DNS", () -> ask("dns-1", NEAR_NRT).equals("127.0.0.2"));
  }

  @Test
  @Order(10)
  void what_is_told_to_the_origin_lies_nowhere_in_clear() throws Exception {
    try (Api api = fleet.api()) {
      assertThat(api.call("GET", "distribution/" + made.id() + "/config", "").body())
          .contains(SECRET);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, ISO_8859_1)).as(file.toString()).doesNotContain(SECRET);
      }
    }
  }

  private static boolean onDisk(String server) throws Exception {
    return fleet
        .page(server, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("warmfront_cache_disk_objects{"))
        .anyMatch(line -> !line.endsWith(" 0.0") && !line.endsWith(" 0"));
  }

  private static String ask(String dns, InetAddress viewer) throws Exception {
    DnsQuestion.Answer answer =
        new DnsQuestion(made.domainName(), DnsQuestion.A, viewer).ask(fleet.dns(dns));
    return answer.addresses().stream().findFirst().map(InetAddress::getHostAddress).orElse("-");
  }

  private static Fetch.Answer get(String address) throws Exception {
    return new Fetch(Clock.system())
        .get(
            new InetSocketAddress(address, fleet.httpPort()),
            made.domainName(),
            "/page",
            Fields.empty());
  }

  /** Writes the table of round-trip times that the DNS servers answer from. */
  static Path latencies(Path file) throws Exception {
    return Files.writeString(
        file,
        """
        192.0.2.0/24,FRA=8,NRT=230,CMH=98
        198.51.100.0/24,FRA=230,NRT=5,CMH=260
        203.0.113.0/24,FRA=98,NRT=160,CMH=6
        """,
        UTF_8);
  }
}
