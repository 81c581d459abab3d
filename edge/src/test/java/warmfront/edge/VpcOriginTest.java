package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Distribution;
import warmfront.distribution.Origin;
import warmfront.distribution.Reach;
import warmfront.distribution.VpcOrigin;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/** Origins that are connected to elsewhere than their names say. */
final class VpcOriginTest {
  private final LiveEdge live;

  VpcOriginTest(@TempDir Path folder) throws IOException {
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    live.serving(List.of(policy("P")), behavior("*", "P"));
  }

  @AfterEach
  void close() {
    live.close();
  }

  private static VpcOrigin at(String host, int port) {
    return new VpcOrigin("vo_1", host, port, 443, Origin.Protocol.HTTP_ONLY, List.of("TLSv1.2"));
  }

  private static Distribution site() {
    return distribution(
        "EA",
        List.of(LiveEdge.HOST),
        origin("internal.example", 80)
            .withReach(
                new Reach(
                    Optional.empty(),
                    Reach.Family.IPV4,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("vo_1"))),
        behavior("*", "P"));
  }

  @Test
  void the_vpc_origin_says_where_and_the_origin_says_what_it_is_called() throws IOException {
    live.origin.says("/", 200, "inside");
    live.change(at("127.0.0.1", live.origin.port()));
    live.change(site());

    assertThat(live.visitor().get("/a").body()).isEqualTo("inside");
    assertThat(live.origin.asked.getFirst())
        .contains("Host=[internal.example:" + live.origin.port() + "]");
  }

  @Test
  void a_vpc_origin_that_moves_is_asked_at_its_new_place() throws IOException {
    try (var other = new ScriptedOrigin()) {
      live.origin.says("/", 200, "old");
      other.says("/", 200, "new");
      live.change(at("127.0.0.1", live.origin.port()));
      live.change(site());

      live.change(at("127.0.0.1", other.port()));

      assertThat(live.visitor().get("/a").body()).isEqualTo("new");
    }
  }

  @Test
  void a_private_address_needs_the_operators_leave() throws IOException {
    live.change(at("10.1.2.3", 80));
    live.change(site());

    assertThat(live.visitor().get("/a").status()).isEqualTo(502);
  }

  @Test
  void a_distribution_whose_vpc_origin_is_not_there_is_not_obeyed() {
    assertThat(live.change(site())).isInstanceOf(Verdict.Rejected.class);
  }
}
