package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise: what ffmpeg publishes plays in a browser, two tiers away, and close to live. */
@Tag("full")
@Timeout(900)
final class LivePlayersJourney {
  private static final int SECONDS = Integer.getInteger("warmfront.live.seconds", 60);

  /** How long a player may take to find its distance. */
  private static final int SETTLED_SECONDS = 10;

  @TempDir private static Path folder;

  private static Broadcasting broadcasting;
  private static TwoTiers tiers;

  @BeforeAll
  static void start() throws Exception {
    Chromium.missing().ifPresent(why -> assumeTrue(false, why));
    assumeTrue(Tool.isThere("ffmpeg"), "ffmpeg is not installed");
    broadcasting = Broadcasting.open(folder);
    Await.until("the channel is published", broadcasting::isPublished);
    tiers = TwoTiers.up(folder, broadcasting.originPort());
  }

  @AfterAll
  static void stop() throws Exception {
    if (tiers != null) {
      tiers.close();
    }
    if (broadcasting != null) {
      broadcasting.close();
    }
  }

  @Test
  void hls_plays_a_second_and_a_half_behind_without_a_halt() throws Exception {
    List<String> reports = watched("hls", "/cam/index.m3u8", SECONDS);

    String last = reports.getLast();
    double[] latencies =
        reports.stream()
            .filter(report -> Chromium.number(report, "seconds") > SETTLED_SECONDS)
            .mapToDouble(report -> Chromium.number(report, "latency"))
            .sorted()
            .toArray();
    System.out.printf(
        "hls.js: first picture %.0f ms, latency median %.2f s, most %.2f s; %s%n",
        Chromium.number(last, "firstMillis"),
        latencies[latencies.length / 2],
        latencies[latencies.length - 1],
        last);
    assertThat(last).contains("\"errors\":[]");
    assertThat(Chromium.numbers(last, "waits").filter(millis -> millis > SETTLED_SECONDS * 1000))
        .as("halts after it had settled")
        .isEmpty();
    assertThat(latencies[latencies.length / 2]).as("seconds behind").isBetween(0.0, 1.5);
  }

  @Test
  void dash_plays() throws Exception {
    String last = watched("dash", "/cam/manifest.mpd", 20).getLast();

    System.out.println("dash.js: " + last);
    assertThat(last).contains("\"errors\":[]");
  }

  @Test
  void flv_plays() throws Exception {
    String last = watched("flv", "/cam.flv", 15).getLast();

    System.out.println("mpegts.js: " + last);
    assertThat(last).contains("\"errors\":[]");
  }

  @Test
  void ffmpeg_plays_hls_as_it_has_always_been() throws Exception {
    Tool.Said frames =
        Tool.run(
            folder,
            Map.of(),
            "ffmpeg",
            "-v",
            "error",
            "-headers",
            "Host: " + tiers.host() + "\r\n",
            "-i",
            "http://127.0.0.1:%d/cam/index.m3u8".formatted(tiers.warmfront().httpPort()),
            "-t",
            "5",
            "-map",
            "0:v",
            "-map",
            "0:a",
            "-f",
            "framemd5",
            "-");

    assertThat(frames.status()).as(frames.stderr()).isZero();
    assertThat(frames.stdout().lines().filter(line -> line.startsWith("0,"))).hasSize(125);
    assertThat(frames.stdout().lines().filter(line -> line.startsWith("1,")))
        .hasSizeGreaterThan(200);
  }

  /** Returns whether a picture was shown; fails at once if the player says why there is none. */
  private static boolean hasBegun(Chromium browser) {
    assertThat(browser.report()).doesNotContain("fatal");
    return Chromium.number(browser.report(), "firstMillis") > 0;
  }

  /** Watches for a while and returns the reports; half of the frames must have been shown. */
  private static List<String> watched(String player, String path, int seconds) throws Exception {
    try (Chromium browser = Chromium.watch(folder, player, tiers.url(path))) {
      Await.until("a picture", () -> hasBegun(browser));
      TimeUnit.SECONDS.sleep(seconds);
      List<String> reports = browser.reports();
      assertThat(Chromium.number(reports.getLast(), "frames"))
          .as(reports.getLast())
          .isGreaterThan(seconds * 25 / 2.0);
      return reports;
    }
  }
}
