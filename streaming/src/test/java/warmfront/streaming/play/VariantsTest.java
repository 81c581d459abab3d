package warmfront.streaming.play;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.signing.UrlVerifier;
import warmfront.streaming.media.Containers;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.streaming.rtmp.TestTls;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/**
 * RTMP enciphered, within TLS and through tunnels, as real clients speak it; those that are not
 * installed are skipped by their names.
 */
@Tag("full")
final class VariantsTest {
  private static final int PATIENCE_SECONDS = 30;
  private static final String FILE = "front.mp4";

  @TempDir private Path folder = Path.of("");

  private final SharedReader reader = new SharedReader();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RtmpServer server =
      new RtmpServer(Limits.standard(), Clock.system(), new Random(1), 2);
  private int port;

  @BeforeEach
  void start() throws IOException {
    try (InputStream in = Containers.class.getResourceAsStream(FILE)) {
      byte[] file = Objects.requireNonNull(in).readAllBytes();
      reader.put("/" + FILE, file);
      Files.write(folder.resolve(FILE), file);
    }
    OnDemand onDemand =
        new OnDemand(
            _ -> new Distributions.Streaming("S1", false),
            new OnDemand.Objects(reader, Containers::open, threads),
            new UrlVerifier(_ -> Optional.empty()),
            _ -> {},
            Clock.system(),
            PlayLimits.standard());
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FrontDoor door = new FrontDoor(Map.of(OnDemand.NAME, onDemand));
    Set<Variant> variants = EnumSet.allOf(Variant.class);
    port = server.start(List.of(any), variants, TestTls.made(), door).getFirst().getPort();
  }

  @AfterEach
  void stop() {
    server.close();
    threads.close();
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp, RTMP",
    "rtmpe, RTMPE",
    "rtmps, RTMPS",
    "rtmpt, RTMPT",
    "rtmpte, RTMPTE",
    "rtmpts, RTMPTS"
  })
  void rtmpdump_gets_what_is_in_the_file(String scheme, Variant variant) throws Exception {
    need("rtmpdump");
    need("ffmpeg");
    String url = "%s://127.0.0.1:%d/cfx/st".formatted(scheme, port);

    run("rtmpdump", "-q", "-r", url, "-a", "cfx/st", "-y", "mp4:" + FILE, "-o", "dumped.flv");

    assertThat(server.counters().links()).containsEntry(variant, 1L);
    assertThat(frames("dumped.flv")).isEqualTo(frames(FILE));
  }

  @ParameterizedTest
  @CsvSource({"rtmp, RTMP", "rtmps, RTMPS", "rtmpt, RTMPT", "rtmpts, RTMPTS"})
  void ffmpeg_gets_what_is_in_the_file(String scheme, Variant variant) throws Exception {
    need("ffmpeg");
    String url = "%s://127.0.0.1:%d/cfx/st/mp4:%s".formatted(scheme, port, FILE);

    run("ffmpeg", "-v", "error", "-y", "-i", url, "-c", "copy", "copied.flv");

    assertThat(server.counters().links()).containsEntry(variant, 1L);
    assertThat(frames("copied.flv")).isEqualTo(frames(FILE));
  }

  @ParameterizedTest
  @CsvSource({"rtmp, RTMP", "rtmpe, RTMPE", "rtmpt, RTMPT", "rtmpte, RTMPTE"})
  void an_ffmpeg_that_speaks_all_gets_what_is_in_the_file(String scheme, Variant variant)
      throws Exception {
    Path unpacked = Files.createDirectory(folder.resolve("ffmpeg"));
    Optional<Path> ffmpeg = PackedFfmpeg.unpacked(unpacked);
    assumeTrue(ffmpeg.isPresent(), "no ffmpeg in a jar; it comes with -Dfull");
    String url = "%s://127.0.0.1:%d/cfx/st/mp4:%s".formatted(scheme, port, FILE);

    List<String> played = frames(ffmpeg.orElseThrow().toString(), url);

    assertThat(server.counters().links()).containsEntry(variant, 1L);
    assertThat(played).isEqualTo(frames(ffmpeg.orElseThrow().toString(), FILE));
  }

  private List<String> frames(String name) throws Exception {
    return frames("ffmpeg", name);
  }

  /** Returns the hashes of what a program decodes. */
  private List<String> frames(String program, String name) throws Exception {
    String hashes = run(program, "-v", "error", "-i", name, "-map", "0:v", "-f", "framemd5", "-");
    List<String> found =
        hashes
            .lines()
            .filter(line -> line.startsWith("0,"))
            .map(line -> line.substring(line.lastIndexOf(',')))
            .toList();
    assertThat(found).hasSizeGreaterThan(20);
    return found;
  }

  private static void need(String program) {
    boolean isThere =
        Stream.of(Objects.requireNonNull(System.getenv("PATH")).split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(isThere, program + " is not installed");
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
    @Nullable Path home = Path.of(command[0]).getParent();
    if (home != null) {
      builder.environment().put("LD_LIBRARY_PATH", home.toString());
    }
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("in time").isTrue();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
