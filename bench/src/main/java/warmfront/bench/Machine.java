package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine is, in words that name no person, path or host. */
final class Machine {
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)*");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Machine() {}

  /** Returns processor, memory, kernel, distribution and JDK. */
  static String description() throws IOException {
    long kib = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", ""));
    return "%d processors (%s), %d GiB, Linux %s, %s, JDK %s"
        .formatted(
            Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count(),
            value("/proc/cpuinfo", "model name"),
            Math.round(kib / 1048576.0),
            System.getProperty("os.version"),
            value("/etc/os-release", "PRETTY_NAME").replace("\"", ""),
            System.getProperty("java.version"));
  }

  private static String value(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceFirst("^[^:=]*[:=]", "").strip())
        .findFirst()
        .orElse("unknown");
  }

  /** Returns a peer's name and version, as it says it itself. */
  static String version(Peer peer) throws IOException, InterruptedException {
    if (peer.versionCommand().isEmpty()) {
      return peer.title();
    }
    Process process =
        new ProcessBuilder(List.of(peer.versionCommand().split(" ", -1)))
            .redirectErrorStream(true)
            .start();
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return peer.title();
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(said);
      return version.find() ? peer.title() + " " + version.group() : peer.title();
    } finally {
      process.destroyForcibly();
    }
  }
}
