package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.Fetch;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Promise: behind an Origin Shield the whole fleet asks the origin once for an object, nothing old
 * is left anywhere after an invalidation, and a shield that dies is missed by nobody.
 */
@TestMethodOrder(OrderAnnotation.class)
final class ShieldJourney {
  private static final Map<String, String> EDGES = new LinkedHashMap<>();

  static {
    EDGES.put("fra-1", "127.0.0.2");
    EDGES.put("cmh-1", "127.0.0.3");
    EDGES.put("gru-1", "127.0.0.4");
    EDGES.put("nrt-1", "127.0.0.5");
    EDGES.put("syd-1", "127.0.0.6");
  }

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static Origin origin;
  private static Api.Made made = new Api.Made("", "");

  @BeforeAll
  static void five_locations_and_a_shield_in_the_first() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=600", "first");
    fleet = Fleet.begin(folder);
    fleet.registerLocation("FRA", 50.1, 8.7);
    fleet.registerLocation("CMH", 40, -83);
    fleet.registerLocation("GRU", -23.4, -46.5);
    fleet.registerLocation("NRT", 35.8, 140.4);
    fleet.registerLocation("SYD", -33.9, 151.2);
    for (Map.Entry<String, String> edge : EDGES.entrySet()) {
      String location = edge.getKey().substring(0, 3).toUpperCase(Locale.ROOT);
      fleet.registerNeighbour(edge.getKey(), location, edge.getValue());
    }
    fleet.startAll(true, EDGES.keySet().toArray(String[]::new));
    try (Api api = fleet.api()) {
      String end = "</Origin>";
      made =
          api.createDistribution(
              Api.plain("shielded", origin.port())
                  .replace(
                      end,
                      "<OriginShield><Enabled>true</Enabled><OriginShieldRegion>eu-central-1"
                          + "</OriginShieldRegion></OriginShield>"
                          + end));
    }
  }

  @AfterAll
  static void end() {
    fleet.close();
    origin.close();
  }

  @Test
  @Order(1)
  void an_object_that_is_wanted_everywhere_is_one_request_of_the_origin() throws Exception {
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> text :
          viewers.invokeAll(
              EDGES.values().stream()
                  .<Callable<String>>map(address -> () -> get(address, "/page").text())
                  .toList())) {
        assertThat(text.get()).isEqualTo("first");
      }
    }
    assertThat(origin.count("/page")).isEqualTo(1);
  }

  @Test
  @Order(2)
  void an_invalidation_leaves_nothing_old_while_objects_move() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String address : EDGES.values()) {
        var _ =
            viewers.submit(() -> {
              while (!done.get()) {
                var _ = get(address, "/page");
              }
              return true;
            });
      }
      try (Api api = fleet.api()) {
        for (int i = 0; i < 5; i++) {
          origin.says("/page", 200, "max-age=600", "edition " + i);
          api.invalidate(made.id(), "edition " + i, "/page");
          for (String address : EDGES.values()) {
            assertThat(get(address, "/page").text()).isEqualTo("edition " + i);
          }
        }
      } finally {
        done.set(true);
      }
    }
  }

  @Test
  @Order(3)
  void a_shield_that_is_killed_is_missed_by_nobody() throws Exception {
    origin.says("/later", 200, "max-age=600", "later");
    fleet.kill("fra-1");

    for (String address : EDGES.values()) {
      if (!address.equals(EDGES.get("fra-1"))) {
        assertThat(get(address, "/page").status()).isEqualTo(200);
        assertThat(get(address, "/later").text()).isEqualTo("later");
      }
    }
  }

  private static Fetch.Answer get(String address, String path) throws Exception {
    return new Fetch(Clock.system())
        .get(
            new InetSocketAddress(address, fleet.httpPort()),
            made.domainName(),
            path,
            Fields.empty());
  }
}
