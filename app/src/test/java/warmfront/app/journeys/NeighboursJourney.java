package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.Fetch;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Promise: the servers of a location share one cache, and one that dies takes nothing with it that
 * viewers notice.
 */
final class NeighboursJourney {
  private static final List<String> ADDRESSES = List.of("127.0.0.2", "127.0.0.3");
  private static final int OBJECTS = 20;

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static ByteOrigin origin;
  private static Api.Made made = new Api.Made("", "");

  @BeforeAll
  static void two_edges_of_one_location() throws Exception {
    origin = ByteOrigin.open();
    fleet = Fleet.begin(folder);
    fleet.locations("FRA");
    fleet.registerNeighbour("fra-1", "FRA", "127.0.0.2");
    fleet.registerNeighbour("fra-2", "FRA", "127.0.0.3");
    fleet.startAll(true, "fra-1", "fra-2");
    try (Api api = fleet.api()) {
      made = api.createDistribution(Api.plain("neighbours", origin.port()));
    }
  }

  @AfterAll
  static void end() {
    fleet.close();
    origin.close();
  }

  @Test
  void an_object_is_fetched_once_for_both_and_either_goes_on_without_the_other() throws Exception {
    for (int i = 0; i < OBJECTS; i++) {
      String path = "/1000/" + i;
      for (String address : ADDRESSES) {
        Fetch.Answer answer = get(address, path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).hasSize(1000);
      }
      assertThat(origin.requests(path)).as(path).isEqualTo(1);
    }
    double hits = figure("fra-1", "hit") + figure("fra-2", "hit");
    double misses = figure("fra-1", "miss") + figure("fra-2", "miss");
    assertThat(hits + misses)
        .as("each object is asked for by the one that lacks it")
        .isEqualTo(OBJECTS);
    assertThat(hits).isPositive();
    assertThat(misses).isPositive();

    fleet.kill("fra-2");
    for (int i = 0; i < OBJECTS; i++) {
      assertThat(get("127.0.0.2", "/1000/" + i).status()).isEqualTo(200);
    }
    assertThat(figure("fra-1", "failed")).isPositive();
  }

  private static Fetch.Answer get(String address, String path) throws Exception {
    return new Fetch(Clock.system())
        .get(
            new InetSocketAddress(address, fleet.httpPort()),
            made.domainName(),
            path,
            Fields.empty());
  }

  private static double figure(String server, String outcome) throws Exception {
    String name = "warmfront_edge_peer_requests_total{outcome=\"" + outcome + "\"} ";
    return fleet
        .page(server, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }
}
