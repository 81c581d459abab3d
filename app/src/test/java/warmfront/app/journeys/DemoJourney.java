package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: {@code demo} tells the main job in about 20 lines, and {@code --check} verifies it. */
final class DemoJourney {
  @TempDir private Path folder;

  @Test
  void every_step_of_the_demo_is_right() throws Exception {
    try (Program demo = start("--check")) {
      String story = demo.stdout();

      assertThat(demo.exit()).as(story + demo.stderr()).isZero();
      assertThat(story)
          .contains("CMH", "FRA", "NRT", "GRU", "SYD")
          .contains("an S3 \"in Ohio\"", "6 objects, 20.2 MB")
          .contains("/api/time")
          .contains("is sent to FRA", "is sent to NRT", "the round-trip times are sample data")
          .containsPattern("the page +Miss at FRA1-P1")
          .containsPattern("the page again +Hit +at FRA1-P1")
          .containsPattern("Completed after")
          .containsPattern("the new page +Miss at FRA1-P1")
          .endsWith("ok: every step is right\n")
          .doesNotContain("WRONG");
      assertThat(story.lines().count()).isLessThan(25);
    }
  }

  @Test
  void it_stays_up_and_says_what_to_try_until_it_is_told_to_end() throws Exception {
    try (Program demo = start()) {
      String line = demo.line().orElseThrow();
      while (!line.contains("./warmfront status")) {
        line = demo.line().orElseThrow(() -> new AssertionError(demo.stderr()));
      }

      assertThat(demo.sigterm()).isZero();
      assertThat(folder.resolve("data")).isDirectory();
    }
  }

  private Program start(String... further) throws Exception {
    List<String> locations = List.copyOf(Warmfront.LOCATIONS.values());
    Path config =
        Settings.ofUp(new Ports(), locations)
            .with("edge.memory", "256 MiB")
            .write(folder.resolve("warmfront.yaml"));
    List<String> args = new ArrayList<>(List.of("demo", "--config", config.toString()));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    args.addAll(List.of(further));
    return Program.start(folder, args.toArray(String[]::new));
  }
}
