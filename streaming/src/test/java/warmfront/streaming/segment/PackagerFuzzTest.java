package warmfront.streaming.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.streaming.media.Tag;
import warmfront.time.ManualClock;

/** What playlists promise, whatever publishers do. A failure names its seed. */
final class PackagerFuzzTest {
  private static final int BROADCASTS = 25;

  private static final int STEPS = 1200;

  private static final Pattern DURATION = Pattern.compile("#EXTINF:([0-9.]+),");

  private static final Pattern PART = Pattern.compile("#EXT-X-PART:DURATION=([0-9.]+),");

  private static final Pattern HINT = Pattern.compile("PRELOAD-HINT:TYPE=PART,URI=\"([^\"]+)\"");

  private static final Pattern FIRST = Pattern.compile("#EXT-X-MEDIA-SEQUENCE:(\\d+)");

  @Test
  void promises_are_kept_whatever_is_published() {
    for (int seed = 0; seed < BROADCASTS; seed++) {
      new Run(seed).go();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 40, 1_000})
  void pictures_without_end_at_one_time_or_far_apart_take_no_more_than_allowed(int apart) {
    Cadence small =
        new Cadence(
            Duration.ofSeconds(2),
            Duration.ofSeconds(6),
            Duration.ofMillis(200),
            Duration.ofMinutes(1),
            1 << 20);
    ManualClock clock = new ManualClock(Instant.EPOCH);
    Packager packager = new Packager(small, clock, () -> {});
    packager.tag(Tags.avc(Tags.AVC));
    for (int i = 0; i < 40_000; i++) {
      packager.tag(Tags.picture((long) i * apart, i % 100 == 0));
    }

    assertThat(text(packager, "video.m3u8").length()).isLessThan(300_000);
  }

  private static String text(Packager packager, String name) {
    Resource resource = ((Resource.Named) Resource.read(name, "")).resource();
    return packager.answer(resource) instanceof Answer.Whole whole
        ? StandardCharsets.UTF_8.decode(whole.pieces().getFirst().buffer()).toString()
        : "";
  }

  /** One broadcast of a wayward publisher. */
  private static final class Run {
    private final int seed;
    private final RandomGenerator random;
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_800_000_000L));
    private final Packager packager = new Packager(Cadence.STANDARD, clock, () -> {});
    private final List<String> hinted = new ArrayList<>();
    private boolean broken;
    private long video;
    private long audio;
    private long first;
    private int target;

    Run(int seed) {
      this.seed = seed;
      this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    void go() {
      packager.tag(Tags.avc(Tags.AVC));
      packager.tag(Tags.aac(Tags.AAC));
      for (int i = 0; i < STEPS; i++) {
        packager.tag(next());
        clock.advance(Duration.ofMillis(random.nextInt(30)));
        if (i % 10 == 0) {
          check(text(packager, "video.m3u8"));
          check(text(packager, "audio.m3u8"));
          text(packager, "manifest.mpd");
          promised();
        }
      }
      packager.end();
      text(packager, "manifest.mpd");
    }

    private Tag next() {
      int what = random.nextInt(1000);
      if (what < 500) {
        video += 20 + random.nextInt(40);
        return Tags.picture(video, random.nextInt(40) == 0);
      }
      if (what < 990) {
        audio = Math.max(audio + 23, video - 100);
        return Tags.sound(audio);
      }
      broken = true;
      return switch (what % 5) {
        case 0 -> Tags.avc(random.nextBoolean() ? Tags.AVC : Tags.AVC_444);
        case 1 -> Tags.aac(Tags.AAC);
        case 2 -> {
          video = random.nextInt(100_000);
          audio = video;
          yield Tags.picture(video, true);
        }
        case 3 -> Tags.sound(audio += random.nextInt(2_000));
        default -> Tags.picture(video += random.nextInt(2_000), false);
      };
    }

    private void check(String playlist) {
      if (playlist.isEmpty()) {
        return;
      }
      int most = (int) number(playlist, Pattern.compile("TARGETDURATION:(\\d+)"));
      double mostOfPart = number(playlist, Pattern.compile("PART-TARGET=([0-9.]+)"));
      Matcher durations = DURATION.matcher(playlist);
      while (durations.find()) {
        assertThat(Math.round(Double.parseDouble(durations.group(1))))
            .as("seed %d: %s", seed, playlist)
            .isLessThanOrEqualTo(most);
      }
      Matcher parts = PART.matcher(playlist);
      while (parts.find()) {
        assertThat(Double.parseDouble(parts.group(1)))
            .as("seed %d: %s", seed, playlist)
            .isLessThanOrEqualTo(mostOfPart + 1e-5);
      }
      if (playlist.contains("video-")) {
        assertThat((long) number(playlist, FIRST))
            .as("seed %d", seed)
            .isGreaterThanOrEqualTo(first);
        first = (long) number(playlist, FIRST);
        assertThat(most).as("seed %d", seed).isGreaterThanOrEqualTo(target);
        target = most;
      }
    }

    /** What was hinted at before is there now, or still hinted at. */
    private void promised() {
      if (!broken) {
        hinted.forEach(this::isThere);
      }
      hinted.clear();
      for (String name : List.of("video.m3u8", "audio.m3u8")) {
        Matcher matcher = HINT.matcher(text(packager, name));
        if (matcher.find()) {
          hinted.add(matcher.group(1));
        }
      }
      broken = false;
    }

    private void isThere(String name) {
      Answer answer = packager.answer(((Resource.Named) Resource.read(name, "")).resource());
      assertThat(answer)
          .as("seed %d: %s", seed, name)
          .isInstanceOfAny(Answer.Whole.class, Answer.NotYet.class);
    }

    private static double number(String text, Pattern pattern) {
      Matcher matcher = pattern.matcher(text);
      assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
      return Double.parseDouble(matcher.group(1));
    }
  }
}
