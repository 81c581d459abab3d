package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: a distribution whose cache goes by the standard passes the public tests of HTTP caches
 * (npm {@code http-cache-tests}), but for those that contradict RFC 9111 or that no cache passes.
 */
@Tag("full")
final class CacheTestsJourney {
  private static final List<String> NOT_PASSED =
      List.of(
          // Age that is no number is to be ignored, and of several the first counts (section 5.1);
          // the release wants such responses to be stale, its later versions do not.
          "age-parse-dup-0",
          "age-parse-dup-0-twoline",
          "age-parse-dup-old",
          "age-parse-float",
          "age-parse-negative",
          "age-parse-nonnumeric",
          "age-parse-numeric-parameter",
          "age-parse-parameter",
          "age-parse-prefix-twoline",
          // Framing that can be read in two ways is refused.
          "headers-store-Transfer-Encoding",
          // They want a field of the origin's answer where the origin closes without one.
          "stale-close-must-revalidate",
          "stale-close-no-cache",
          "stale-close-proxy-revalidate",
          "stale-close-s-maxage=2");

  private static final Pattern FAILED = Pattern.compile("(?m)^failed ([^:]+):");

  @TempDir private static Path folder;

  @Test
  void the_public_tests_of_caches_pass() throws Exception {
    Path suite = Program.home().resolve("app/target/players/node_modules/http-cache-tests");
    assumeTrue(Files.isDirectory(suite), "no http-cache-tests; ./warmfront test --full fetches it");
    int originPort = new Ports().free();
    Path script = folder.resolve("cache-tests.mjs");
    try (InputStream in = getClass().getResourceAsStream("cache-tests.mjs")) {
      Files.copy(in, script);
    }
    try (Warmfront warmfront = Warmfront.up(folder, Map.of());
        Api api = new Api(warmfront.callApi())) {
      String behavior =
          Api.behavior(
              "", "o", "allow-all", "GET HEAD OPTIONS PUT POST PATCH DELETE", Api.OPTIMIZED);
      Api.Made made =
          api.createDistribution(
              Api.config(
                  "standard", List.of(Api.serverOrigin("o", originPort)), behavior, List.of()));
      api.tag(made, "warmfront:cache", "standard");
      Await.until(
          "the tag is obeyed",
          () ->
              Viewer.get(
                          warmfront.http("FRA"),
                          made.domainName(),
                          "/",
                          "Cache-Control",
                          "only-if-cached")
                      .status()
                  == 504);

      Tool.Said said =
          Tool.run(
              folder,
              Map.of(),
              "node",
              "--no-warnings",
              script.toString(),
              suite.toString(),
              String.valueOf(originPort),
              made.domainName(),
              warmfront.http("FRA").getHostString(),
              String.valueOf(warmfront.httpPort()));

      assertThat(said.status()).as(said.stderr()).isZero();
      assertThat(said.stdout()).contains("required 157");
      assertThat(FAILED.matcher(said.stdout()).results().map(one -> one.group(1)))
          .as(said.stdout())
          .containsExactlyInAnyOrderElementsOf(NOT_PASSED);
    }
  }
}
