package warmfront.streaming.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;
import warmfront.time.ManualClock;

/** A broadcast, from tags to what players are told. */
final class PackagerTest {
  /** Its seconds are the first Media Sequence Number. */
  private static final long FIRST = 1_800_000_000L;

  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(FIRST));
  private final AtomicInteger changes = new AtomicInteger();
  private final Packager packager = new Packager(Cadence.STANDARD, clock, changes::incrementAndGet);

  private void publish(List<Tag> tags) {
    long at = tags.getFirst().millis();
    for (Tag tag : tags) {
      clock.advance(Duration.ofMillis(Math.max(tag.millis() - at, 0)));
      at = Math.max(at, tag.millis());
      packager.tag(tag);
    }
  }

  private void begin() {
    packager.tag(Tags.avc(Tags.AVC));
    packager.tag(Tags.aac(Tags.AAC));
  }

  @Test
  void before_a_segment_is_complete_playlists_are_waited_for() {
    begin();
    publish(Tags.stream(0, 1900));

    assertThat(ask("index.m3u8")).isEqualTo(new Answer.NotYet(6000));
    assertThat(ask("video.m3u8")).isInstanceOf(Answer.NotYet.class);

    publish(Tags.stream(1920, 2100));

    assertThat(text("index.m3u8"))
        .contains("CODECS=\"avc1.42C01E,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=25.000")
        .endsWith("video.m3u8\n");
  }

  @Test
  void before_its_sound_is_complete_too_there_is_no_index() {
    begin();
    Predicate<Tag> late = tag -> tag.kind() == Tag.Kind.AUDIO && tag.millis() > 1800;
    publish(Tags.stream(0, 2020).stream().filter(late.negate()).toList());

    assertThat(text("video.m3u8")).contains("-1800000000.m4s");
    assertThat(ask("index.m3u8")).isEqualTo(new Answer.NotYet(6000));
    assertThat(ask("manifest.mpd")).isInstanceOf(Answer.NotYet.class);

    publish(Tags.stream(0, 2200).stream().filter(late).toList());

    assertThat(text("index.m3u8")).contains("URI=\"audio.m3u8\"");
  }

  @Test
  void sound_that_does_not_go_on_is_not_waited_for() {
    begin();
    packager.tag(Tags.picture(0, true));
    packager.tag(Tags.sound(0));
    publish(
        Tags.stream(0, 6100).stream()
            .filter(tag -> tag.kind() == Tag.Kind.VIDEO && tag.millis() > 0)
            .toList());

    assertThat(text("index.m3u8")).doesNotContain("audio").endsWith("video.m3u8\n");
  }

  @Test
  void pictures_are_cut_at_keyframes_into_parts_of_what_was_aimed_at() {
    begin();
    publish(Tags.stream(0, 4500));

    assertThat(text("video.m3u8"))
        .startsWith(
            """
            #EXTM3U
            #EXT-X-VERSION:9
            #EXT-X-TARGETDURATION:2
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.120,CAN-SKIP-UNTIL=12.0
            #EXT-X-PART-INF:PART-TARGET=0.280
            #EXT-X-MEDIA-SEQUENCE:1800000000
            #EXT-X-MAP:URI="video-%1$s-i0.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:00.000Z
            #EXT-X-PART:DURATION=0.24000,URI="video-%1$s-1800000000.0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.24000,URI="video-%1$s-1800000000.1.m4s"
            """
                .formatted(name()))
        .contains("#EXTINF:2.00000,\nvideo-%s-1800000001.m4s\n".formatted(name()))
        .contains(
            """
            #EXT-X-PART:DURATION=0.24000,URI="video-%1$s-1800000002.1.m4s"
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="video-%1$s-1800000002.2.m4s"
            #EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=1800000002,LAST-PART=1
            """
                .formatted(name()));
  }

  @Test
  void sound_is_cut_where_pictures_are() {
    begin();
    publish(Tags.stream(0, 6500));

    assertThat(text("audio.m3u8"))
        .contains("#EXT-X-TARGETDURATION:2\n")
        .contains("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:02.020Z")
        .contains("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:04.017Z")
        .doesNotContain("DISCONTINUITY");
  }

  @Test
  void no_part_is_much_shorter_than_the_others() {
    begin();
    publish(Tags.stream(0, 4500));

    for (String playlist : List.of("video.m3u8", "audio.m3u8")) {
      List<Double> seconds =
          Pattern.compile("PART:DURATION=([0-9.]+)")
              .matcher(text(playlist))
              .results()
              .map(result -> Double.valueOf(result.group(1)))
              .toList();
      assertThat(seconds).as(playlist).hasSizeGreaterThan(16);
      assertThat(seconds).as(playlist).allSatisfy(each -> assertThat(each).isBetween(0.22, 0.29));
    }
  }

  @Test
  void parts_divide_what_comes_as_they_would_have_divided_what_was() {
    begin();
    publish(Tags.stream(0, 9000, 2120));

    assertThat(text("video.m3u8"))
        .contains(
            """
            #EXT-X-PART:DURATION=0.28000,URI="video-%1$s-1800000003.7.m4s"
            #EXTINF:2.12000,
            """
                .formatted(name()));
  }

  @Test
  void a_blocked_playlist_is_answered_by_the_part_that_it_waits_for() {
    begin();
    publish(Tags.stream(0, 4500));
    int before = changes.get();

    assertThat(ask("video.m3u8?_HLS_msn=1800000002&_HLS_part=1")).isInstanceOf(Answer.Whole.class);
    assertThat(ask("video.m3u8?_HLS_msn=1800000002&_HLS_part=2"))
        .isEqualTo(new Answer.NotYet(6000));
    assertThat(ask("video.m3u8?_HLS_msn=1800000002")).isInstanceOf(Answer.NotYet.class);
    assertThat(ask("video.m3u8?_HLS_msn=1800000004")).isInstanceOf(Answer.NotYet.class);
    assertThat(ask("video.m3u8?_HLS_msn=1800000005")).isInstanceOf(Answer.Malformed.class);

    publish(continued(4500, 4900));

    assertThat(changes.get()).isGreaterThan(before);
    assertThat(((Answer.Whole) ask("video.m3u8?_HLS_msn=1800000002&_HLS_part=2")).cacheControl())
        .isEqualTo("max-age=12");
    assertThat(((Answer.Whole) ask("video.m3u8")).cacheControl())
        .isEqualTo("max-age=1, stale-if-error=2");
  }

  @Test
  void a_hinted_part_comes_and_a_segment_is_its_parts() {
    begin();
    publish(Tags.stream(0, 4500));
    String hinted = "video-" + name() + "-1800000002.2.m4s";

    assertThat(ask(hinted)).isInstanceOf(Answer.NotYet.class);
    assertThat(ask("video-" + name() + "-1800000002.3.m4s")).isEqualTo(new Answer.Missing());
    assertThat(((Answer.Growing) ask("video-" + name() + "-1800000002.m4s")).pieces()).hasSize(2);
    assertThat(ask("video-" + name() + "-1800000003.m4s")).isInstanceOf(Answer.NotYet.class);
    assertThat(ask("video-" + name() + "-1800000004.m4s")).isEqualTo(new Answer.Missing());

    publish(continued(4500, 6100));

    assertThat(ask(hinted)).isInstanceOf(Answer.Whole.class);
    Answer.Whole segment = (Answer.Whole) ask("video-" + name() + "-1800000002.m4s");
    assertThat(segment.pieces()).hasSize(8);
    assertThat(segment.cacheControl()).contains("immutable");
    assertThat(ask("video-other-1800000002.m4s")).isEqualTo(new Answer.Missing());
  }

  @Test
  void old_segments_go_and_old_ones_are_skipped_on_demand() {
    begin();
    publish(Tags.stream(0, 90_500));

    String whole = text("video.m3u8");
    assertThat(whole).contains("#EXT-X-MEDIA-SEQUENCE:1800000015");
    assertThat(ask("video-" + name() + "-1800000014.m4s")).isEqualTo(new Answer.Missing());

    String delta = text("video.m3u8?_HLS_skip=YES");
    assertThat(delta)
        .contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=24\n")
        .doesNotContain("1800000038.m4s")
        .contains("1800000039.m4s");
    assertThat(delta.substring(delta.indexOf("#EXT-X-PROGRAM")))
        .isEqualTo(whole.substring(whole.indexOf(delta.substring(delta.indexOf("#EXT-X-PROG")))));
  }

  @Test
  void memory_is_bounded_by_bytes_too() {
    Cadence small =
        new Cadence(
            Duration.ofSeconds(2),
            Duration.ofSeconds(6),
            Duration.ofMillis(200),
            Duration.ofMinutes(1),
            1L << 20);
    Packager bounded = new Packager(small, clock, () -> {});
    bounded.tag(Tags.avc(Tags.AVC));
    byte[] large = new byte[20_000];
    large[0] = 0x27;
    large[1] = 1;
    for (int i = 0; i < 2000; i++) {
      large[0] = (byte) (i % 50 == 0 ? 0x17 : 0x27);
      bounded.tag(new Tag(Tag.Kind.VIDEO, i * 40L, Slice.of(large.clone())));
    }

    long kept = 0;
    for (long sequence = FIRST; sequence < FIRST + 200; sequence++) {
      if (bounded.answer(new Resource.Whole(Rendition.VIDEO, nameAt(FIRST), sequence))
          instanceof Answer.Whole whole) {
        kept += whole.pieces().stream().mapToLong(Slice::length).sum();
      }
    }
    assertThat(kept).isBetween(1L, 1L << 20);
  }

  @Test
  void without_keyframes_segments_end_all_the_same() {
    begin();
    publish(Tags.stream(0, 30_000, 60_000));

    assertThat(text("video.m3u8"))
        .contains("#EXT-X-TARGETDURATION:6\n")
        .doesNotContain("INDEPENDENT-SEGMENTS")
        .contains("#EXTINF:6.44000");
  }

  @Test
  void a_leap_of_time_is_a_discontinuity_at_the_time_of_the_wall() {
    begin();
    publish(Tags.stream(0, 4500));
    clock.advance(Duration.ofSeconds(5));
    publish(Tags.stream(0, 2500));

    assertThat(text("video.m3u8"))
        .contains("#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:09.")
        .containsOnlyOnce("#EXT-X-DISCONTINUITY");
    assertThat(text("audio.m3u8")).containsOnlyOnce("#EXT-X-DISCONTINUITY");
    assertThat(text("manifest.mpd")).contains("<Period id=\"1\" start=\"PT9.");
  }

  @Test
  void another_configuration_is_a_discontinuity_with_a_map_of_its_own() {
    begin();
    publish(Tags.stream(0, 4500));
    packager.tag(Tags.avc(Tags.AVC));
    assertThat(text("video.m3u8")).doesNotContain("DISCONTINUITY");

    packager.tag(Tags.avc(Tags.AVC_444));
    publish(continued(6000, 8500));

    assertThat(text("video.m3u8"))
        .contains("#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"video-%s-i1.mp4\"".formatted(name()));
    assertThat(ask("video-" + name() + "-i0.mp4")).isInstanceOf(Answer.Whole.class);
    assertThat(ask("video-" + name() + "-i1.mp4")).isInstanceOf(Answer.Whole.class);
    assertThat(ask("video-" + name() + "-i2.mp4")).isEqualTo(new Answer.Missing());
  }

  @Test
  void sound_alone_is_cut_by_time() {
    packager.tag(Tags.aac(Tags.AAC));
    publish(Tags.stream(0, 6500).stream().filter(tag -> tag.kind() == Tag.Kind.AUDIO).toList());

    assertThat(text("index.m3u8")).contains("CODECS=\"mp4a.40.2\"\n").endsWith("audio.m3u8\n");
    assertThat(text("audio.m3u8")).contains("#EXT-X-TARGETDURATION:2\n");
    assertThat(ask("video.m3u8")).isEqualTo(new Answer.Missing());
  }

  @Test
  void what_has_ended_says_so() {
    begin();
    publish(Tags.stream(0, 4500));
    packager.end();

    assertThat(text("video.m3u8?_HLS_msn=1800000009"))
        .endsWith("video-%s-1800000002.m4s\n#EXT-X-ENDLIST\n".formatted(name()));
    assertThat(ask("video-" + name() + "-1800000003.0.m4s")).isEqualTo(new Answer.Missing());
    assertThat(text("manifest.mpd")).contains("mediaPresentationDuration");
  }

  @Test
  void a_channel_that_was_joined_is_dated_by_the_frames_that_are_live() {
    begin();
    // A second and a half that had been kept comes at once.
    for (Tag tag : Tags.stream(0, 1500)) {
      packager.tag(tag);
    }
    publish(continued(1500, 4500));

    assertThat(text("video.m3u8")).contains("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T07:59:58.4");
  }

  /** What a stream from 0 has between these times. */
  private static List<Tag> continued(long fromMillis, long toMillis) {
    return Tags.stream(0, toMillis).stream().filter(tag -> tag.millis() >= fromMillis).toList();
  }

  private static String nameAt(long seconds) {
    return Long.toString(seconds * 1000, 36);
  }

  private static String name() {
    return nameAt(FIRST);
  }

  private Answer ask(String target) {
    int query = target.indexOf('?');
    Resource.Read read =
        query < 0
            ? Resource.read(target, "")
            : Resource.read(target.substring(0, query), target.substring(query + 1));
    return packager.answer(((Resource.Named) read).resource());
  }

  private String text(String target) {
    Answer.Whole whole = (Answer.Whole) ask(target);
    return StandardCharsets.UTF_8.decode(whole.pieces().getFirst().buffer()).toString();
  }
}
