package warmfront.streaming.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.streaming.rtmp.TestTls;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/** What people publish and watch with. A client that is not installed is skipped by its name. */
@Tag("full")
final class RealClientsTest {
  private static final int PATIENCE_SECONDS = 30;

  @TempDir private Path folder = Path.of("");

  private final Hub hub =
      new Hub(
          new LiveTest.Keys(Map.of("secret", "cam")),
          LiveLimits.standard(),
          Clock.system(),
          Upstream.none());
  private final RtmpServer server =
      new RtmpServer(Limits.standard(), Clock.system(), new SplittableRandom(1), 2);
  private String url = "";

  @BeforeEach
  void start() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Set<Variant> variants = EnumSet.allOf(Variant.class);
    int port =
        server
            .start(List.of(any), variants, TestTls.made(), link -> new Doorkeeper(hub, link))
            .getFirst()
            .getPort();
    url = "rtmp://127.0.0.1:%d/live".formatted(port);
  }

  @AfterEach
  void close() {
    server.close();
    hub.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"RTMP", "RTMPS"})
  void ffmpeg_publishes_and_ffprobe_and_ffmpeg_watch(Variant variant) throws Exception {
    url = url.replace("rtmp:", variant.name().toLowerCase(Locale.ROOT) + ":");
    need("ffmpeg");
    need("ffprobe");
    Process publisher = publishing(20);
    try {
      String streams =
          output(
              run(
                  "ffprobe",
                  "-v",
                  "error",
                  "-show_entries",
                  "stream=codec_name,width",
                  "-of",
                  "csv=p=0",
                  url + "/cam"));
      assertThat(streams).contains("h264,320").contains("aac");

      String frames =
          output(
              run(
                  "ffmpeg",
                  "-v",
                  "error",
                  "-i",
                  url + "/cam",
                  "-t",
                  "2",
                  "-map",
                  "0:v",
                  "-f",
                  "framemd5",
                  "-"));
      long hashes =
          frames
              .lines()
              .filter(line -> line.startsWith("0,"))
              .map(line -> line.substring(line.lastIndexOf(",")))
              .distinct()
              .count();
      assertThat(hashes).as("different pictures of 50").isGreaterThanOrEqualTo(45);
      assertThat(server.counters().links()).containsEntry(variant, 3L);
    } finally {
      publisher.destroy();
      publisher.waitFor();
    }
  }

  @Test
  void rtmpdump_watches_from_a_keyframe_on() throws Exception {
    need("ffmpeg");
    need("rtmpdump");
    Path flv = folder.resolve("live.flv");
    Process publisher = publishing(4);
    try {
      Process dump = run("rtmpdump", "-q", "-v", "-r", url, "-y", "cam", "-o", flv.toString());
      output(dump);
      byte[] bytes = Files.readAllBytes(flv);
      assertThat(bytes).startsWith('F', 'L', 'V');
      assertThat(bytes).hasSizeGreaterThan(10_000);
      String frames =
          output(
              run(
                  "ffprobe",
                  "-v",
                  "error",
                  "-select_streams",
                  "v",
                  "-show_entries",
                  "packet=flags",
                  "-of",
                  "csv=p=0",
                  flv.toString()));
      assertThat(frames).startsWith("K");
    } finally {
      publisher.destroy();
      publisher.waitFor();
    }
  }

  @Test
  void ffmpeg_with_a_wrong_key_is_told_so() throws Exception {
    need("ffmpeg");
    Process process = publishing("wrong", 20);

    assertThat(output(process)).contains("No channel that is at home here has this key.");
    assertThat(process.exitValue()).isNotZero();
  }

  private Process publishing(int seconds) throws Exception {
    Process publisher = publishing("secret", seconds);
    for (int i = 0; i < 1000 && !hub.isPublished("cam"); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(hub.isPublished("cam")).isTrue();
    return publisher;
  }

  private Process publishing(String key, int seconds) throws IOException {
    return run(
        "ffmpeg",
        "-v",
        "error",
        "-re",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x180:r=25",
        "-f",
        "lavfi",
        "-i",
        "sine",
        "-t",
        Integer.toString(seconds),
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-g",
        "25",
        "-c:a",
        "aac",
        "-f",
        "flv",
        url + "/" + key);
  }

  private Process run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectErrorStream(true)
        .start();
  }

  private static String output(Process process) throws Exception {
    try {
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      return text;
    } finally {
      process.destroy();
    }
  }

  private static void need(String tool) {
    boolean isInstalled =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    assumeTrue(isInstalled, tool + " is not installed");
  }
}
