package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
    String key = recorded("cam");

    // published for six seconds, as fast as may be, as soon as the edge knows of the channel
    Await.until("it is published", () -> publisher("", 6, key).waitFor() == 0);

    String name = object("cam");
    assertThat(cinema.warmfront().figure("warmfront_recordings_failures_total")).isZero();
    assertThat(probed(name)).contains("h264,150\n", "aac,").containsPattern("\n6\\.\\d+");
    Api.Made distribution = cinema.distribution("recordings", false);
    assertThat(firstPicture(distribution, name, 0)).isEqualTo((byte) 0x17);
    assertThat(firstPicture(distribution, name, 4000)).isEqualTo((byte) 0x17);

    // and no more
    assertThat(said("record", "cam", "off")).startsWith("revision");
    assertThat(said("show", "cam")).contains("record     off");
  }

  @Test
  @Tag("full")
  void a_recording_plays_in_a_browser_and_is_sought_in() throws Exception {
    Chromium.missing().ifPresent(why -> assumeTrue(false, why));
    String key = recorded("seen");
    Await.until("it is published", () -> publisher("", 6, key).waitFor() == 0);
    String name = object("seen");
    Api api = cinema.api();
    String origin = Api.bucketOrigin("bucket", "media", api.createAccessControl("recordings"));
    Api.Made web =
        api.createDistribution(
            Api.config(
                "recordings",
                List.of(origin),
                Api.behavior("", "bucket", "allow-all", "GET HEAD", Api.OPTIMIZED),
                List.of()));
    String url = "http://%s:%d/%s".formatted(web.domainName(), cinema.warmfront().httpPort(), name);

    try (Chromium browser = Chromium.watch(folder, "file", url)) {
      Await.until(
          "it has played to its end",
          () ->
              Chromium.number(browser.report(), "at") > 5
                  && Chromium.number(browser.report(), "latency") == 0);
      assertThat(browser.report()).contains("\"errors\":[]");
      assertThat(Chromium.number(browser.report(), "frames")).isBetween(25.0, 75.0);
    }
  }

  @Test
  @Tag("full")
  void a_killed_process_sends_what_it_had_when_it_is_back() throws Exception {
    String key = recorded("killed");
    Process publisher = publisher("-re", 60, key);
    try {
      Await.until(
          "a fragment is written",
          () -> cinema.warmfront().figure("warmfront_recordings_written_bytes_total") > 0);

      cinema.warmfront().kill();
      assertThat(publisher.waitFor(20, TimeUnit.SECONDS)).isTrue();
      cinema.warmfront().restart();

      assertThat(probed(object("killed"))).containsPattern("h264,\\d*[05]0\n");
      assertThat(cinema.warmfront().figure("warmfront_recordings_failures_total")).isZero();
    } finally {
      publisher.destroyForcibly();
    }
  }

  /** Makes a channel that is recorded, and returns its key. */
  private static String recorded(String name) throws Exception {
    String made = said("create", name, "--location", "FRA", "--record", BUCKET + "/shows");
    Matcher key = KEY.matcher(made);
    assertThat(key.find()).as(made).isTrue();
    assertThat(made).contains("record     " + BUCKET + "/shows");
    return key.group(1);
  }

  /** Returns what a command of channels says. */
  private static String said(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("channel"));
    command.addAll(List.of(words));
    command.addAll(List.of("--api", cinema.warmfront().api().toString()));
    command.addAll(List.of("--data", cinema.warmfront().data().toString()));
    try (Program program = cinema.warmfront().run(command.toArray(String[]::new))) {
      String said = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      return said;
    }
  }

  private static Process publisher(String pace, int seconds, String key) throws IOException {
    String command =
        "ffmpeg -v error %s -f lavfi -i testsrc2=s=320x180:r=25 -f lavfi -i sine=r=44100 -t %d"
                .formatted(pace, seconds)
            + " -c:v libx264 -preset ultrafast -bf 2 -g 50 -c:a aac -f flv rtmp://%s:%d/live/%s"
                .formatted(
                    cinema.edge().getAddress().getHostAddress(), cinema.edge().getPort(), key);
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(command.split(" +", -1))))
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(folder, "publisher", ".log").toFile())
            .start();
    process.getOutputStream().close();
    return process;
  }

  /** Waits for a channel's recording, and returns its name. */
  private static String object(String channel) throws Exception {
    Pattern key = Pattern.compile("<Key>(shows/%s-\\d{8}T\\d{6}Z\\.mp4)</Key>".formatted(channel));
    List<String> found = new ArrayList<>();
    Await.until(
        "the object is there",
        () -> {
          Matcher matcher = key.matcher(cinema.list("shows/"));
          return matcher.find() && found.add(matcher.group(1));
        });
    return found.getFirst();
  }

  /** Returns what ffprobe finds over HTTP: codecs, numbers of packets, seconds. */
  private static String probed(String name) throws Exception {
    String command =
        "ffprobe -v error -count_packets -of csv=p=0"
            + " -show_entries stream=codec_name,nb_read_packets:format=duration "
            + cinema.warmfront().s3().resolve("/media/" + name);
    return Tool.run(folder, Map.of(), command.split(" ", -1)).stdout();
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
