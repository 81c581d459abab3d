package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.origin.OriginLimits;
import warmfront.time.Clock;

/** Promise: two hundred who watch live through two tiers cost the origin what one does. */
@Timeout(120)
final class LiveJourney {
  private static final int VIEWERS = 200;
  private static final int PARTS = 8;
  private static final Pattern HINT =
      Pattern.compile("PRELOAD-HINT:TYPE=PART,URI=\"(video-\\w+-(\\d+)\\.(\\d+)\\.m4s)\"");

  @TempDir private static Path folder;

  private static final MadeUpChannel CHANNEL = new MadeUpChannel();
  private static LiveOrigin origin;
  private static TwoTiers tiers;

  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void start() throws Exception {
    origin =
        LiveOrigin.start(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            1,
            CHANNEL,
            OriginLimits.STANDARD,
            Clock.system());
    tiers = TwoTiers.up(folder, origin.address().getPort());
  }

  @AfterAll
  static void stop() {
    CHANNEL.close();
    if (tiers != null) {
      tiers.close();
    }
    if (origin != null) {
      origin.close();
    }
  }

  @Test
  void one_request_to_the_origin_for_each_playlist_and_each_part() throws Exception {
    // given a channel that is live, and what comes next known to everybody
    assertThat(get("/cam/index.m3u8").status()).isEqualTo(200);
    Matcher hint = HINT.matcher(get("/cam/video.m3u8").body());
    assertThat(hint.find()).isTrue();
    long before = origin.counters().requests();
    asked.clear();

    // when all of them ask for the playlist with the next part, and the part itself, and so on
    List<Future<Integer>> all = new ArrayList<>();
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < VIEWERS; i++) {
        all.add(viewers.submit(() -> watch(hint.group(2), hint.group(3))));
      }
    }
    int watched = 0;
    for (Future<Integer> one : all) {
      watched += one.get(60, TimeUnit.SECONDS);
    }

    // then each of them had all of it, and the origin was asked once for each
    assertThat(watched).isEqualTo(VIEWERS * PARTS);
    assertThat(asked).hasSizeGreaterThanOrEqualTo(2 * PARTS);
    assertThat(origin.counters().requests() - before).isEqualTo(asked.size());
  }

  /** Follows the playlist, part by part, and returns how many parts came. */
  private int watch(String sequence, String part) throws Exception {
    String wantedSequence = sequence;
    String wantedPart = part;
    int parts = 0;
    while (parts < PARTS) {
      Viewer.Answer playlist =
          get("/cam/video.m3u8?_HLS_msn=%s&_HLS_part=%s".formatted(wantedSequence, wantedPart));
      assertThat(playlist.status()).as(playlist.body()).isEqualTo(200);
      Matcher hint = HINT.matcher(playlist.body());
      assertThat(hint.find()).as(playlist.body()).isTrue();
      Viewer.Answer next = get("/cam/" + hint.group(1));
      assertThat(next.status()).isEqualTo(200);
      assertThat(next.body()).contains("moof");
      wantedSequence = hint.group(2);
      wantedPart = hint.group(3);
      parts++;
    }
    return parts;
  }

  private Viewer.Answer get(String target) throws Exception {
    asked.add(target);
    return Viewer.get(tiers.warmfront().http("FRA"), tiers.host(), target);
  }

  @Test
  void what_is_not_there_yet_is_there_at_once_when_it_is() throws Exception {
    // given a segment that is three segments ahead: nothing waits for it
    assertThat(get("/cam/index.m3u8").status()).isEqualTo(200);
    Matcher hint = HINT.matcher(get("/cam/video.m3u8").body());
    assertThat(hint.find()).isTrue();
    long ahead = Long.parseLong(hint.group(2)) + 3;
    String segment = "/cam/" + hint.group(1).replaceAll("-\\d+\\.\\d+\\.m4s", "-" + ahead + ".m4s");
    assertThat(get(segment).status()).isEqualTo(404);

    // when its time has come
    assertThat(get("/cam/video.m3u8?_HLS_msn=" + (ahead - 2)).status()).isEqualTo(200);
    assertThat(get("/cam/video.m3u8?_HLS_msn=" + (ahead - 1)).status()).isEqualTo(200);

    // then the 404 is not remembered, at either tier
    assertThat(get(segment).status()).isEqualTo(200);
  }
}
