package warmfront.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiteTest {
  @TempDir private Path folder;

  @Test
  void the_site_has_a_page_a_style_a_script_images_and_a_video_of_twenty_megabytes()
      throws Exception {
    List<Site.Page> pages = Site.pages();

    assertThat(pages)
        .extracting(Site.Page::key)
        .containsExactly(
            "index.html",
            "style.css",
            "app.js",
            "images/logo.svg",
            "images/front.png",
            "media/front.mp4");
    assertThat(pages.getLast().content()).hasSizeBetween(20_000_000, 20_500_000);
  }

  @Test
  void players_read_the_video_to_its_end() throws Exception {
    assumeTrue(isThere("ffprobe"), "ffprobe is not on this machine");
    Path file = folder.resolve("front.mp4");
    Files.write(file, Site.pages().getLast().content());

    Process probe =
        new ProcessBuilder(
                "ffprobe",
                "-v",
                "error",
                "-count_packets",
                "-show_entries",
                "stream=codec_name,width,height,nb_read_packets,nb_frames",
                "-of",
                "csv=p=0",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(probe.waitFor()).isZero();
    String[] parts = said.split(",", -1);
    assertThat(parts).startsWith("h264", "640", "360");
    assertThat(parts[3]).isEqualTo(parts[4]);
    assertThat(Integer.parseInt(parts[3])).isGreaterThan(10_000);
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
