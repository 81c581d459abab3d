package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;

/**
 * Promise: of a distribution that asks for it, an edge sends a viewer who is served better
 * elsewhere there, once; viewers of other distributions are served where they are.
 */
final class RedirectJourney {
  private static final String KEY = "warmfront:routing";
  private static final String TARGET = "/film?part=1";

  @TempDir private Path folder;
  private String map = "";

  @BeforeEach
  void the_operator_wants_this_machine_in_tokyo() throws Exception {
    Path prefixes = Files.writeString(folder.resolve("prefixes.csv"), "127.0.0.0/24,pin,NRT\n");
    map = "{prefixes: %s}".formatted(prefixes);
  }

  @Test
  void a_viewer_is_redirected_to_a_name_of_the_better_location_and_served_there() throws Exception {
    try (Origin origin = Origin.open().says("/film", 200, "max-age=600", "film");
        Warmfront warmfront = Warmfront.up(folder, Map.of("routing.map", map));
        Api api = new Api(warmfront.callApi())) {
      // given a distribution that asks for nothing
      Api.Made made = api.createDistribution(Api.plain("redirect", origin.port()));
      String host = made.domainName() + ":" + warmfront.httpPort();
      Await.until("the map", () -> route(warmfront).contains("pin"));
      assertThat(Viewer.get(warmfront.http("FRA"), host, TARGET).status()).isEqualTo(200);

      // when it asks for redirects
      api.tag(made, KEY, "redirect");

      // then a viewer in Frankfurt is sent to Tokyo by a name that DNS has
      Viewer.Answer sent = redirected(warmfront.http("FRA"), host);
      String there = named(made, "nrt");
      assertThat(sent.field("Location"))
          .isEqualTo("http://%s:%d%s".formatted(there, warmfront.httpPort(), TARGET));
      InetAddress address = InetAddress.ofLiteral(String.valueOf(Warmfront.LOCATIONS.get("NRT")));
      assertThat(ask(warmfront.dns(), there)).containsExactly(address);

      // and is served there, and nowhere sent on
      URI next = URI.create(sent.field("Location"));
      Viewer.Answer served =
          Viewer.get(
              new InetSocketAddress(address, next.getPort()), next.getRawAuthority(), TARGET);
      assertThat(served.status()).isEqualTo(200);
      assertThat(served.body()).isEqualTo("film");
      assertThat(served.field("X-Amz-Cf-Pop")).startsWith("NRT");
      assertThat(Viewer.get(warmfront.http("FRA"), there, TARGET).status()).isEqualTo(200);
      assertThat(Viewer.get(warmfront.http("NRT"), host, TARGET).status()).isEqualTo(200);
    }
  }

  @Test
  @Tag("full")
  void an_edge_of_its_own_takes_the_map_while_a_distribution_asks_for_redirects() throws Exception {
    try (Origin origin = Origin.open().says("/film", 200, "max-age=600", "film");
        Fleet fleet = Fleet.begin(folder, Map.of("routing.map", map))) {
      // given an edge, a map that is made, and a distribution that asks for nothing
      fleet.locations("FRA", "NRT");
      fleet.addEdge("fra-1", "FRA", "127.0.0.2");
      fleet.registerEdge("nrt-1", "NRT", "127.0.0.3");
      fleet.startAll(true, "fra-1", "nrt-1");
      try (Api api = fleet.api()) {
        Api.Made made = api.createDistribution(Api.plain("redirect", origin.port()));
        InetSocketAddress edge = new InetSocketAddress("127.0.0.2", fleet.httpPort());
        Await.until("a map", () -> isMade(fleet));
        assertThat(Viewer.get(edge, made.domainName(), TARGET).status()).isEqualTo(200);
        assertThat(folder.resolve("fra-1/latency.map")).doesNotExist();

        // when it asks for redirects
        api.tag(made, KEY, "redirect");

        // then the edge takes the map and obeys it, and does so after a start without control
        assertThat(redirected(edge, made.domainName()).field("Location"))
            .isEqualTo("http://%s%s".formatted(named(made, "nrt"), TARGET));
        fleet.kill("fra-1");
        fleet.startAll(false, "fra-1");
        redirected(edge, made.domainName());

        // and when it asks no more, viewers stay
        api.untag(made, KEY);
        Await.until(
            "viewers stay", () -> Viewer.get(edge, made.domainName(), TARGET).status() == 200);
      }
    }
  }

  private static boolean isMade(Fleet fleet) throws Exception {
    return fleet
        .page("control", "/metrics")
        .body()
        .lines()
        .anyMatch(line -> line.matches("warmfront_map_version\\{.*} [1-9].*"));
  }

  private static Viewer.Answer redirected(InetSocketAddress edge, String host) throws Exception {
    Await.until("a redirect", () -> Viewer.get(edge, host, TARGET).status() == 307);
    return Viewer.get(edge, host, TARGET);
  }

  private static String named(Api.Made made, String code) {
    return made.domainName().replaceFirst("\\.", "-" + code + ".");
  }

  private static String route(Warmfront warmfront) throws IOException, InterruptedException {
    return warmfront.page("/route?ip=127.0.0.1&as=text").body();
  }

  private static List<InetAddress> ask(InetSocketAddress dns, String name) throws IOException {
    InetAddress viewer = InetAddress.ofLiteral("192.0.2.1");
    return new DnsQuestion(name, DnsQuestion.A, viewer).ask(dns).addresses();
  }
}
