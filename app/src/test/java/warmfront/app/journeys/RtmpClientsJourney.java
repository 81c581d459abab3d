package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: players of others play what is in the bucket, frame for frame. */
@Tag("full")
final class RtmpClientsJourney {
  private static final int SECONDS = 10;

  @TempDir private static Path folder;
  private static Cinema cinema;
  private static Api.Made made;

  @BeforeAll
  static void a_bucket_of_every_kind_of_file() throws Exception {
    assumeTrue(Tool.isThere("ffmpeg"), "ffmpeg is not installed");
    encode();
    cinema = Cinema.open(Files.createDirectory(folder.resolve("up")));
    for (String name : List.of("front.mp4", "end.mp4", "parts.mp4", "clip.flv", "song.mp3")) {
      cinema.put("a/" + name, Files.readAllBytes(folder.resolve(name)));
    }
    made = cinema.distribution("clients", false);
  }

  @AfterAll
  static void end() {
    if (cinema != null) {
      cinema.close();
    }
  }

  private static void encode() throws Exception {
    String time = String.valueOf(SECONDS);
    make(
        ("-f lavfi -i testsrc2=s=320x180:r=25 -f lavfi -i sine=sample_rate=44100 -t %s"
                + " -c:v libx264 -preset veryfast -g 50 -bf 2 -pix_fmt yuv420p -c:a aac end.mp4")
            .formatted(time));
    make("-i end.mp4 -c copy -movflags +faststart front.mp4");
    make("-i end.mp4 -c copy -movflags +frag_keyframe+empty_moov parts.mp4");
    make("-i end.mp4 -c copy clip.flv");
    make("-i end.mp4 -vn -c:a libmp3lame song.mp3");
  }

  private static void make(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
    command.addAll(List.of(arguments.split(" ", -1)));
    does(command.toArray(String[]::new));
  }

  private static String does(String... command) throws IOException, InterruptedException {
    Tool.Said said = Tool.run(folder, Map.of(), command);
    assertThat(said.status()).as("%s: %s", String.join(" ", command), said.stderr()).isZero();
    return said.stdout();
  }

  @ParameterizedTest
  @CsvSource({
    "mp4:a/front.mp4, front.mp4",
    "mp4:a/front, front.mp4",
    "mp4:a/end.mp4, end.mp4",
    "mp4:a/parts.mp4, parts.mp4",
    "flv:a/clip, clip.flv",
    "a/clip.flv, clip.flv",
    "a/clip, clip.flv",
    "mp3:a/song, song.mp3",
    "mp3:a/song.mp3, song.mp3"
  })
  void ffmpeg_decodes_what_is_in_the_file(String name, String file) throws Exception {
    List<String> played = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
    played.addAll(
        List.of(
            "-rtmp_buffer",
            "60000", // as fast as it comes
            "-rtmp_tcurl",
            Cinema.url(made),
            "-rtmp_app",
            "cfx/st",
            "-rtmp_playpath",
            name,
            "-i",
            at()));
    // FLV says nothing of what an encoder of MP3 put before the first sample: packets are compared.
    List<String> as =
        file.endsWith("mp3")
            ? List.of("-map", "0:a", "-c", "copy", "-f", "framemd5", "-")
            : List.of("-map", "0:v", "-f", "framemd5", "-");
    played.addAll(as);
    List<String> read = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-i", file));
    read.addAll(as);

    List<String> frames = hashes(does(played.toArray(String[]::new)));
    List<String> wanted = hashes(does(read.toArray(String[]::new)));

    assertThat(String.join("\n", frames)).isEqualTo(String.join("\n", wanted));
    assertThat(frames).hasSizeGreaterThan(SECONDS * 20);
  }

  private static List<String> hashes(String framemd5) {
    return framemd5
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(",", -1)[5].strip())
        .toList();
  }

  @Test
  void ffmpeg_plays_within_tls_once_the_name_is_proved() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("ffmpeg", "-v", "error", "-tls_verify", "1", "-rtmp_tcurl", Cinema.url(made)));
    command.addAll(
        List.of("-ca_file", cinema.warmfront().data().resolve("ca.pem").toString(), "-verifyhost"));
    List<String> rest =
        List.of("-t", "2", "-i", "rtmps" + at().substring(4) + "/mp4:a/front.mp4", "-f", "null");
    List<String> right = new ArrayList<>(command);
    right.add(made.domainName());
    right.addAll(rest);
    right.add("-");
    List<String> wrong = new ArrayList<>(command);
    wrong.add("elsewhere.example");
    wrong.addAll(rest);
    wrong.add("-");

    does(right.toArray(String[]::new));

    assertThat(Tool.run(folder, Map.of(), wrong.toArray(String[]::new)).status()).isNotZero();
  }

  private static String at() {
    return "rtmp://127.0.0.2:%d/cfx/st".formatted(cinema.edge().getPort());
  }

  private static Tool.Said rtmpdump(String name, String... more) throws Exception {
    return rtmpdump(at(), name, more);
  }

  private static Tool.Said rtmpdump(String at, String name, String[] more) throws Exception {
    assumeTrue(Tool.isThere("rtmpdump"), "rtmpdump is not installed");
    List<String> command =
        new ArrayList<>(
            List.of(
                "rtmpdump", "-q", "-r", at, "-t", Cinema.url(made), "-a", "cfx/st", "-y", name));
    command.addAll(List.of("-o", "out.flv"));
    command.addAll(List.of(more));
    return Tool.run(folder, Map.of(), command.toArray(String[]::new));
  }

  @Test
  void rtmpdump_has_the_whole_file() throws Exception {
    Tool.Said said = rtmpdump("mp4:a/front.mp4");

    assertThat(said.status()).as(said.stderr()).isZero();
    assertThat(times("out.flv")).hasSize(times("front.mp4").size());
  }

  @Test
  void rtmpdump_has_the_whole_file_within_tls() throws Exception {
    Tool.Said said = rtmpdump("rtmps" + at().substring(4), "mp4:a/front.mp4", new String[0]);

    assertThat(said.status()).as(said.stderr()).isZero();
    assertThat(times("out.flv")).hasSize(times("front.mp4").size());
  }

  @Test
  void rtmpdump_begins_and_stops_where_it_says() throws Exception {
    rtmpdump("mp4:a/front.mp4", "-A", "4", "--stop", "8");
    List<Double> part = times("out.flv");

    assertThat(part.getFirst()).isBetween(3.9, 4.1);
    assertThat(part.getLast()).isBetween(7.5, 8.5);
  }

  @Test
  void rtmpdump_is_told_what_is_not_there() throws Exception {
    assertThat(rtmpdump("mp4:a/nothing").status()).isEqualTo(1);
  }

  /** Returns the times of a file's packets, in seconds, ascending. */
  private static List<Double> times(String file) throws Exception {
    return does(
            "ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", file)
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> Double.valueOf(line.replace(",", "")))
        .sorted()
        .toList();
  }

  @Test
  void mpv_plays() throws Exception {
    assumeTrue(Tool.isThere("mpv"), "mpv is not installed");
    does(
        "mpv",
        "--no-config",
        "--no-terminal",
        "--vo=null",
        "--ao=null",
        "--length=2",
        "--stream-lavf-o=rtmp_tcurl=%s,rtmp_app=cfx/st,rtmp_playpath=mp4:a/front.mp4"
            .formatted(Cinema.url(made)),
        at());
  }
}
