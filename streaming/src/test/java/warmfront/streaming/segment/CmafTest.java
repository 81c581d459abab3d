package warmfront.streaming.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;
import warmfront.time.ManualClock;

/** Frames that ffmpeg published come out of segments as they went in; where it is installed. */
@Timeout(120)
final class CmafTest {
  private static final long FIRST = 1_800_000_000L;

  @TempDir private static Path folder;

  @BeforeAll
  static void there_is_a_stream() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "ffmpeg is not installed");
    run(
        "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25 -f lavfi -i sine=r=44100 -t 7"
            + " -c:v libx264 -preset ultrafast -bf 2 -g 50 -c:a aac -b:a 64k in.flv");
  }

  /** H.265 comes by enhanced RTMP; its tags are made from a file here. */
  @Test
  void pictures_of_hevc_have_the_bytes_that_they_were_published_with() throws Exception {
    run(
        "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25 -t 7 -c:v libx265 -preset ultrafast"
            + " -x265-params keyint=50:min-keyint=50:bframes=2:log-level=none -tag:v hvc1"
            + " hevc.mp4");
    Packager packager = packaged(FileTags.of(Files.readAllBytes(folder.resolve("hevc.mp4"))));
    write(packager, Rendition.VIDEO, folder.resolve("out.mp4"));

    assertThat(packets("out.mp4", "v")).hasSize(175).isEqualTo(packets("hevc.mp4", "v"));
    assertThat(hashes("out.mp4", "v")).hasSize(175).isEqualTo(hashes("hevc.mp4", "v"));
  }

  @Test
  void every_frame_has_the_bytes_and_the_times_that_it_was_published_with() throws Exception {
    Packager packager = packaged(Tags.ofFlv(Files.readAllBytes(folder.resolve("in.flv"))));
    for (Rendition rendition : Rendition.values()) {
      write(packager, rendition, folder.resolve(rendition.word() + ".mp4"));
    }

    assertThat(packets("video.mp4", "v")).isEqualTo(packets("in.flv", "v"));
    assertThat(hashes("video.mp4", "v")).hasSize(175).isEqualTo(hashes("in.flv", "v"));
    assertThat(hashes("audio.mp4", "a")).hasSizeGreaterThan(295).isEqualTo(hashes("in.flv", "a"));
  }

  @Test
  void a_film_has_the_same_frames_too() throws Exception {
    List<Tag> tags = Tags.ofFlv(Files.readAllBytes(folder.resolve("in.flv")));
    Files.write(folder.resolve("film.mp4"), Reels.of(tags).complete());

    assertThat(packets("film.mp4", "v")).isEqualTo(packets("in.flv", "v"));
    assertThat(hashes("film.mp4", "v")).hasSize(175).isEqualTo(hashes("in.flv", "v"));
    assertThat(hashes("film.mp4", "a")).hasSizeGreaterThan(295).isEqualTo(hashes("in.flv", "a"));
  }

  /** Returns a broadcast of these, which has ended. */
  private static Packager packaged(List<Tag> tags) {
    ManualClock clock = new ManualClock(Instant.ofEpochSecond(FIRST));
    Packager packager = new Packager(Cadence.STANDARD, clock, () -> {});
    long at = 0;
    for (Tag tag : tags) {
      clock.advance(Duration.ofMillis(Math.max(tag.millis() - at, 0)));
      at = Math.max(at, tag.millis());
      packager.tag(tag);
    }
    packager.end();
    return packager;
  }

  private static void write(Packager packager, Rendition rendition, Path file) throws IOException {
    String name = Long.toString(FIRST * 1000, 36);
    List<Resource> resources = new ArrayList<>();
    resources.add(new Resource.Initialization(rendition, name, 0));
    for (long sequence = FIRST; sequence < FIRST + 4; sequence++) {
      resources.add(new Resource.Whole(rendition, name, sequence));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      for (Resource resource : resources) {
        Answer.Whole whole = (Answer.Whole) packager.answer(resource);
        for (Slice piece : whole.pieces()) {
          out.write(Aac.copy(piece.buffer()));
        }
      }
    }
  }

  /** Returns when each packet is decoded and shown, in milliseconds from the first. */
  private static List<String> packets(String file, String stream) throws Exception {
    String printed =
        run(
            "ffprobe -v error -of csv=p=0 -select_streams %s -show_entries packet=dts_time,pts_time,flags %s"
                .formatted(stream, file));
    List<String> packets = new ArrayList<>();
    long first = Long.MIN_VALUE;
    for (String line : printed.split("\n", -1)) {
      String[] fields = line.split(",", -1);
      if (fields.length >= 3) {
        long shown = Math.round(Double.parseDouble(fields[0]) * 1000);
        long decoded = Math.round(Double.parseDouble(fields[1]) * 1000);
        first = first == Long.MIN_VALUE ? decoded : first;
        packets.add("%d %d %s".formatted(shown - first, decoded - first, fields[2].charAt(0)));
      }
    }
    return packets;
  }

  /** Returns a hash of each decoded frame. */
  private static List<String> hashes(String file, String stream) throws Exception {
    String printed =
        run("ffmpeg -v error -i %s -map 0:%s -vsync 0 -f framemd5 -".formatted(file, stream));
    return Arrays.stream(printed.split("\n", -1))
        .filter(line -> !line.startsWith("#") && line.contains(","))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }

  private static String run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command.split(" +", -1))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
