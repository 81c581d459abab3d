package warmfront.app.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import warmfront.streaming.rtmp.RtmpCall;

/** Whoever plays RTMP on this machine; without such a program, a viewer of our own. */
public final class Player {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Seconds of the stream that are played. */
  private static final String PLAYED = "2";

  private Player() {}

  /**
   * A stream.
   *
   * @param edge the location's address
   * @param url what is connected to, by the distribution's name: {@code rtmp://host/cfx/st}
   * @param name the stream's
   */
  public record Stream(InetSocketAddress edge, String url, String name) {
    private String at() {
      return "rtmp://%s:%d/%s".formatted(edge.getAddress().getHostAddress(), edge.getPort(), app());
    }

    private String app() {
      return url.substring(url.indexOf('/', "rtmp://".length()) + 1);
    }
  }

  /**
   * What a player came to.
   *
   * @param player its name
   * @param plays whether it got media
   */
  public record Played(String player, boolean plays) {}

  /** Plays the beginning of a stream. */
  public static Played play(Stream stream) throws IOException, InterruptedException {
    Optional<List<String>> command = command(stream);
    return command.isPresent()
        ? new Played(command.get().getFirst(), run(command.get()))
        : new Played("a viewer of our own", see(stream));
  }

  private static Optional<List<String>> command(Stream stream) {
    if (isThere("ffmpeg")) {
      return Optional.of(
          List.of(
              "ffmpeg",
              "-v",
              "error",
              "-rtmp_tcurl",
              stream.url(),
              "-rtmp_app",
              stream.app(),
              "-rtmp_playpath",
              stream.name(),
              "-i",
              stream.at(),
              "-t",
              PLAYED,
              "-f",
              "null",
              "-"));
    }
    return isThere("rtmpdump")
        ? Optional.of(
            List.of(
                "rtmpdump",
                "-q",
                "-r",
                stream.at(),
                "-t",
                stream.url(),
                "-a",
                stream.app(),
                "-y",
                stream.name(),
                "--stop",
                PLAYED,
                "-o",
                "/dev/null"))
        : Optional.empty();
  }

  private static boolean isThere(String program) {
    String path = System.getenv("PATH");
    return path != null
        && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(path)
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static boolean run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return false;
    }
    // rtmpdump says 2 when it was told to stop before the end.
    int status = process.exitValue();
    return status == 0 || (status == 2 && command.getFirst().equals("rtmpdump"));
  }

  private static boolean see(Stream stream) throws IOException {
    try (RtmpCall call = RtmpCall.open(stream.edge(), PATIENCE)) {
      return call.connect(stream.url()).code().equals("NetConnection.Connect.Success")
          && call.play(stream.name()).code().toLowerCase(Locale.ROOT).startsWith("netstream.play.")
          && call.next(RtmpCall.VIDEO).payload().remaining() > 0;
    }
  }
}
