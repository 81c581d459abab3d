package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.Fetch;
import warmfront.distribution.Feature;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Promise: an edge that does not understand a change says so, and serves what it had before, until
 * it is upgraded; nobody takes the change for deployed meanwhile.
 */
@Tag("full")
final class HeldJourney {
  private static final String UPGRADED = "127.0.0.2";
  private static final String EARLIER = "127.0.0.3";

  @TempDir private Path folder;

  @Test
  void an_edge_that_lacks_a_feature_is_named_until_it_is_upgraded() throws Exception {
    try (Origin origin =
            Origin.open()
                .says("/index.html", 200, "max-age=600", "before")
                .says("/after.html", 200, "max-age=600", "after");
        Fleet fleet = Fleet.begin(folder)) {
      // given an edge of this version, and one of a version without Smooth Streaming
      fleet.registerLocation("FRA");
      fleet.registerLocation("NRT");
      fleet.registerEdge("fra-1", "FRA", UPGRADED);
      fleet.registerEdge("nrt-1", "NRT", EARLIER);
      fleet.earlier("nrt-1", EarlierVersion.without(Feature.SMOOTH_STREAMING, folder));
      fleet.startAll(true, "fra-1", "nrt-1");
      for (String edge : List.of("fra-1", "nrt-1")) {
        Await.until(edge + " follows", () -> isLive(fleet, edge));
      }
      try (Api api = fleet.api()) {
        String plain = Api.plain("held", origin.port());
        Api.Made made = api.createDistribution(plain);
        assertThat(root(fleet, UPGRADED, made)).isEqualTo("before");
        assertThat(root(fleet, EARLIER, made)).isEqualTo("before");

        // when a change needs it
        change(api, made, smooth(plain).replace("index.html", "after.html"));

        // then the one that lacks it is named, with the change and the reason
        String why =
            "(DISTRIBUTION %s): this version does not know: SMOOTH_STREAMING".formatted(made.id());
        Await.until("it is named", () -> line(fleet.list(), "nrt-1").contains(why));
        assertThat(line(fleet.list(), "fra-1")).doesNotContain("does not obey");
        String status = fleet.ask("status");
        assertThat(line(status, "server nrt-1"))
            .contains("is live")
            .contains("held [")
            .contains(why);
        assertThat(line(status, "server fra-1")).contains("is live").doesNotContain("held");
        assertThat(fleet.page("nrt-1", "/readyz").body()).startsWith("ready").contains(why);

        // and it serves what it had, while all else is deployed
        Await.until("the other has it", () -> root(fleet, UPGRADED, made).equals("after"));
        Api.Made other = api.createDistribution(Api.plain("other", origin.port()));
        assertThat(root(fleet, EARLIER, other)).isEqualTo("before");
        assertThat(root(fleet, EARLIER, made)).isEqualTo("before");
        assertThat(deployment(api, made)).isEqualTo("InProgress");

        // when it is upgraded, then it obeys
        assertThat(fleet.program("nrt-1").sigterm()).isZero();
        fleet.upgrade("nrt-1");
        fleet.startAll(false, "nrt-1");
        Await.until("it is deployed", () -> deployment(api, made).equals("Deployed"));
        Await.until("it is there", () -> isLive(fleet, "nrt-1"));
        assertThat(root(fleet, EARLIER, made)).isEqualTo("after");
        assertThat(fleet.list()).doesNotContain("does not obey");
      }
    }
  }

  private static boolean isLive(Fleet fleet, String edge) throws Exception {
    return line(fleet.list(), edge).contains("  live  ");
  }

  private static String smooth(String config) {
    String end = "</DefaultCacheBehavior>";
    return config.replace(end, "<SmoothStreaming>true</SmoothStreaming>" + end);
  }

  private static void change(Api api, Api.Made made, String config) throws Exception {
    String version = api.call("GET", "distribution/" + made.id(), "").etag().orElseThrow();
    Api.Answer answer =
        api.call("PUT", "distribution/" + made.id() + "/config", config, "If-Match", version);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static String deployment(Api api, Api.Made made) throws Exception {
    return api.call("GET", "distribution/" + made.id(), "").text("Status");
  }

  private static String line(String lines, String begin) {
    return lines
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(begin))
        .findFirst()
        .orElse("");
  }

  private static String root(Fleet fleet, String address, Api.Made made) throws Exception {
    return new Fetch(Clock.system())
        .get(
            new InetSocketAddress(address, fleet.httpPort()),
            made.domainName(),
            "/",
            Fields.empty())
        .text();
  }
}
