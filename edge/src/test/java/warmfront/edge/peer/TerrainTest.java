package warmfront.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;
import warmfront.edge.Pictures;

/** Which locations lie before origins. */
final class TerrainTest {
  private static Location location(String code, double north, double east, String parent) {
    return new Location(
        code,
        code,
        "DE",
        north,
        east,
        PriceClass.PRICE_CLASS_ALL,
        1,
        Optional.of(parent).filter(some -> !some.isEmpty()));
  }

  private static Server server(String id, String location, Server.State state) {
    return new Server(id, Server.Role.EDGE, location, List.of(), List.of(), List.of(), 100, state);
  }

  @Test
  void a_shield_is_the_nearest_location_that_has_an_active_edge() {
    Location frankfurt = location("FRA", 50.1, 8.7, "");
    Location zurich = location("ZRH", 47.4, 8.5, "");
    Location sydney = location("SYD", -33.9, 151.2, "");

    Terrain terrain =
        Terrain.of(
            Pictures.snapshot(
                frankfurt,
                zurich,
                sydney,
                server("fra-1", "FRA", Server.State.DRAINING),
                server("zrh-1", "ZRH", Server.State.ACTIVE),
                server("syd-1", "SYD", Server.State.ACTIVE)));

    assertThat(terrain.shield("eu-central-1")).contains("ZRH");
    assertThat(terrain.shield("ap-southeast-2")).contains("SYD");
    assertThat(terrain.shield("ap-northeast-1")).contains("SYD");
    assertThat(terrain.shield("nowhere-1")).isEmpty();
  }

  @Test
  void of_equally_near_locations_all_edges_find_the_same() {
    Terrain terrain =
        Terrain.of(
            Pictures.snapshot(
                location("BBB", 1, 1, ""),
                location("AAA", 1, 1, ""),
                server("b", "BBB", Server.State.ACTIVE),
                server("a", "AAA", Server.State.ACTIVE)));

    assertThat(terrain.shield("us-east-1")).contains("AAA");
  }

  @Test
  void parents_are_as_the_register_has_them_and_a_revoked_server_is_no_edge() {
    Terrain terrain =
        Terrain.of(
            Pictures.snapshot(
                location("SYD", -33.9, 151.2, ""),
                location("AKL", -37, 174.8, "SYD"),
                server("syd-1", "SYD", Server.State.DRAINING),
                server("syd-2", "SYD", Server.State.REVOKED)));

    assertThat(terrain.parent("AKL")).contains("SYD");
    assertThat(terrain.parent("SYD")).isEmpty();
    assertThat(terrain.isEdge("syd-1")).isTrue();
    assertThat(terrain.isEdge("syd-2")).isFalse();
  }
}
