package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;

/** Promise: viewers are sent where the operator says, and else where they were measured. */
final class MapJourney {
  /** Neighbours in Germany: the country alone would send both to Frankfurt. */
  private static final String ONE = "193.99.144.80";

  private static final String OTHER = "193.99.145.80";

  @TempDir private Path folder;

  @Test
  void the_operators_word_counts_and_is_there_again_after_a_kill() throws Exception {
    // given a word on a range of viewers
    Path prefixes = Files.writeString(folder.resolve("prefixes.csv"), "193.99.144.0/24,pin,NRT\n");
    try (Origin origin = Origin.open();
        Warmfront warmfront =
            Warmfront.up(folder, Map.of("routing.map", "{prefixes: %s}".formatted(prefixes)))) {
      Api.Made made;
      try (Api api = new Api(warmfront.callApi())) {
        made = api.createDistribution(Api.plain("map", origin.port()));
      }

      // then it is obeyed, soon after the start
      Await.until("a map", () -> warmfront.figure("warmfront_fleet_map_version") > 0);
      assertThat(ask(warmfront, made, ONE)).isEqualTo(at("NRT"));
      List<InetAddress> unpinned = ask(warmfront, made, OTHER);
      assertThat(unpinned).isNotEqualTo(at("NRT"));

      // and after a kill the first answer is as before
      warmfront.kill();
      warmfront.restart();
      assertThat(ask(warmfront, made, ONE)).isEqualTo(at("NRT"));
      assertThat(ask(warmfront, made, OTHER)).isEqualTo(unpinned);
    }
  }

  @Test
  @Tag("full")
  void viewers_that_were_measured_are_sent_where_they_were_near() throws Exception {
    try (Warmfront warmfront =
        Warmfront.up(
            folder, Map.of("edge.rtt", "{window: 10 s}", "routing.map", "{window: 10 s}"))) {
      // given viewers of this machine in Tokyo, which is on this machine, too
      for (int i = 0; i < 30; i++) {
        assertThat(Viewer.get(warmfront.http("NRT"), "unknown.example", "/").status())
            .isEqualTo(403);
      }

      // when the edge has reported them, and a map was made
      Await.until("a report", () -> warmfront.figure("warmfront_rtt_reports_taken_total") > 0);
      Await.until("a map", () -> route(warmfront).contains("latency map"));

      // then they are sent there
      assertThat(route(warmfront)).containsPattern("location +NRT");
    }
  }

  private static String route(Warmfront warmfront) throws IOException, InterruptedException {
    return warmfront.page("/route?ip=127.0.0.1&as=text").body();
  }

  private static List<InetAddress> ask(Warmfront warmfront, Api.Made made, String viewer)
      throws IOException {
    return new DnsQuestion(made.domainName(), DnsQuestion.A, InetAddress.ofLiteral(viewer))
        .ask(warmfront.dns())
        .addresses();
  }

  private static List<InetAddress> at(String location) {
    return List.of(InetAddress.ofLiteral(String.valueOf(Warmfront.LOCATIONS.get(location))));
  }
}
