package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: each viewer is sent to the location of lowest latency, by what was measured. Needs root,
 * for an Internet of its own.
 */
@Tag("full")
final class InternetJourney {
  /** So many minutes are emulated, and so many of them pass in one: the test takes six. */
  private static final String MINUTES = "60";

  private static final String FASTER = "10";
  private static final String VISITS_PER_SECOND = "120";

  @TempDir private static Path folder;

  @Test
  void after_an_hour_nearly_all_viewers_are_where_they_are_served_best() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root") && Files.exists(Path.of("/dev/net/tun")),
        "THE EMULATED INTERNET IS LEFT OUT: it needs root and /dev/net/tun");
    assumeTrue(
        Tool.isThere("unshare") && Tool.isThere("ip"),
        "THE EMULATED INTERNET IS LEFT OUT: it needs unshare (util-linux) and ip (iproute2)");

    Map<String, Object> figures = run();

    assertThat(figure(figures, "failures")).isLessThan(20);
    assertThat(figure(figures, "near"))
        .isGreaterThanOrEqualTo(0.97)
        .isGreaterThan(figure(figures, "nearByGeography"));
    assertThat(figure(figures, "far")).isLessThanOrEqualTo(0.01);
    assertThat(figure(figures, "worseMillis"))
        .as("the worst five minutes against geography")
        .isLessThanOrEqualTo(1.5);
  }

  private static Map<String, Object> run() throws Exception {
    List<String> command =
        List.of(
            "unshare",
            "--net",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            EmulatedInternet.class.getName(),
            folder.toString(),
            MINUTES,
            FASTER,
            VISITS_PER_SECOND);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        System.out.println(line);
        lines.add(line);
      }
    } finally {
      process.destroyForcibly();
    }
    return Program.json(lines.getLast());
  }

  private static double figure(Map<String, Object> figures, String name) {
    return ((Number) figures.getOrDefault(name, Double.NaN)).doubleValue();
  }
}
