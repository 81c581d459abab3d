package warmfront.streaming.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of a minute that ffmpeg makes now, against ffprobe; where they are installed. */
@Tag("full")
final class FfmpegTest {
  private static final long SECONDS_MAX = 120;
  private static final String VIDEO = " -f lavfi -i testsrc2=s=640x360:r=25";
  private static final String AUDIO = " -f lavfi -i sine=440:r=44100";
  private static final String H264 = " -t 60 -c:v libx264 -preset ultrafast -bf 2 -g 50 -c:a aac ";

  @TempDir private static Path folder;

  @BeforeAll
  static void there_is_a_file_of_a_minute() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "ffmpeg is not installed");
    run("ffmpeg -v error -y" + VIDEO + AUDIO + H264 + "made.mp4");
  }

  @ParameterizedTest
  @CsvSource({
    "front.mp4, -i made.mp4 -c copy -movflags faststart",
    "end.mp4, -i made.mp4 -c copy",
    "fragments.mp4, -i made.mp4 -c copy -movflags frag_keyframe+empty_moov",
    "short.mp4, -i made.mp4 -c copy -movflags empty_moov -frag_duration 300000",
    "quicktime.mov, -i made.mp4 -c copy",
    "plain.flv, -i made.mp4 -c copy",
    "keyframes.flv, -i made.mp4 -c copy -flvflags add_keyframe_index",
    "sound.mp3, -i made.mp4 -vn -c:a libmp3lame -b:a 128k",
    "variable.mp3, -i made.mp4 -vn -c:a libmp3lame -q:a 4",
    "hevc.mp4, -i made.mp4 -t 10 -c:v libx265 -preset ultrafast -tag:v hvc1 -c:a copy",
  })
  void a_file_has_the_frames_that_ffprobe_finds_in_it(String name, String how) throws Exception {
    run("ffmpeg -v error -y " + how + " " + name);
    String probed =
        run(
            "ffprobe -v error -show_data_hash CRC32 -of csv=p=0 -show_entries"
                + " packet=codec_type,pts_time,dts_time,size,flags,data_hash "
                + name);
    byte[] file = Files.readAllBytes(folder.resolve(name));
    Bytes bytes = Bytes.asked(file);

    Medium medium = Played.medium(bytes, name);
    long given = bytes.given();
    List<Reel.Frame> frames = new ArrayList<>();
    Reel.End end = Played.end(medium, bytes, 0, frames);

    assertThat(end.broken()).isFalse();
    assertThat(given).isLessThan(128 << 10);
    assertThat(frames).extracting(Reel.Frame::millis).isSorted();
    SamplesTest.same(file, frames, Packet.printed(probed), true);
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
      assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
