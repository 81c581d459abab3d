package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.streaming.rtmp.RtmpCall;

/** Promise: what a recorded channel sent is an object of its bucket, and plays by RTMP. */
@Timeout(120)
final class RecordingJourney {
  private static final String BUCKET = "media.s3.us-east-2.amazonaws.com";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern KEY = Pattern.compile("stream-key ([0-9a-f]{40})");
  private static final Pattern OBJECT =
      Pattern.compile("<Key>(shows/cam-\\d{8}T\\d{6}Z\\.mp4)</Key>");

  @TempDir private static Path folder;
  private static Cinema cinema;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tool.isThere("ffmpeg"), "ffmpeg is not installed");
    cinema = Cinema.open(folder);
  }

  @AfterAll
  static void end() {
    if (cinema != null) {
      cinema.close();
    }
  }

  @Test
  void a_broadcast_is_an_object_and_plays_by_rtmp_and_for_others() throws Exception {
    // given a channel that is recorded
    Program create =
        cinema
            .warmfront()
            .run(
                "channel",
                "create",
                "cam",
                "--location",
                "FRA",
                "--record",
                BUCKET + "/shows",
                "--api",
                cinema.warmfront().api().toString(),
                "--data",
                cinema.warmfront().data().toString());
    String made = create.stdout();
    Matcher key = KEY.matcher(made);
    assertThat(key.find()).as(made + create.stderr()).isTrue();
    assertThat(made).contains("record     " + BUCKET + "/shows");

    // when it is published for six seconds, as fast as may be
    String url =
        "rtmp://%s:%d/live/%s"
            .formatted(
                cinema.edge().getAddress().getHostAddress(), cinema.edge().getPort(), key.group(1));
    Tool.Said published =
        Tool.run(
            folder,
            Map.of(),
            ("ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25 -f lavfi -i sine=r=44100 -t 6"
                    + " -c:v libx264 -preset ultrafast -bf 2 -g 50 -c:a aac -f flv "
                    + url)
                .split(" ", -1));
    assertThat(published.status()).as(published.stderr()).isZero();

    // then it is an object of the bucket
    Await.until(
        "the object is there",
        () -> cinema.warmfront().figure("warmfront_recordings_objects_total") == 1);
    Matcher object = OBJECT.matcher(cinema.list("shows/"));
    assertThat(object.find()).isTrue();
    String name = object.group(1);
    assertThat(cinema.warmfront().figure("warmfront_recordings_failures_total")).isZero();

    // and others find all of it
    Tool.Said probed =
        Tool.run(
            folder,
            Map.of(),
            ("ffprobe -v error -count_packets -of csv=p=0 -show_entries"
                    + " stream=codec_name,nb_read_packets:format=duration "
                    + cinema.warmfront().s3().resolve("/media/" + name))
                .split(" ", -1));
    assertThat(probed.stdout())
        .contains("h264,150\n")
        .contains("aac,")
        .containsPattern("\n6\\.\\d+");

    // and it plays, from its beginning and from the middle
    Api.Made distribution = cinema.distribution("recordings", false);
    assertThat(firstPicture(distribution, name, 0)).isEqualTo((byte) 0x17);
    assertThat(firstPicture(distribution, name, 4000)).isEqualTo((byte) 0x17);
  }

  /** Returns the first byte of the first picture: 0x17 is a keyframe of H.264. */
  private static byte firstPicture(Api.Made distribution, String name, long millis)
      throws Exception {
    try (RtmpCall call = RtmpCall.open(cinema.edge(), PATIENCE)) {
      call.connect(Cinema.url(distribution));
      call.play("mp4:" + name, millis);
      RtmpCall.Message frame = call.next(RtmpCall.VIDEO);
      while (frame.payload().get(1) == 0) {
        frame = call.next(RtmpCall.VIDEO);
      }
      return frame.payload().get(0);
    }
  }
}
