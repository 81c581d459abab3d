package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a browser plays Smooth Streaming from a bucket that has nothing but the files of it. */
@Tag("full")
@Timeout(180)
final class SmoothJourney {
  /** The managed policy SimpleCORS. */
  private static final String CORS = "60669652-455b-4ae9-85a4-c4c02393f86c";

  private static final int SECONDS = 8;

  /** What describes a stream in a manifest: its kind, and its one quality with the bitrate. */
  private static final Pattern STREAM =
      Pattern.compile(
          "<StreamIndex Type=\"(\\w+)\".*?(<QualityLevel .*?Bitrate=\"(\\d+)\".*?/>)",
          Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void chromium_plays_what_is_cut_out_of_stored_files() throws Exception {
    assumeTrue(Tool.isThere("ffmpeg"), "ffmpeg is not installed");
    Chromium.missing().ifPresent(why -> assumeTrue(false, why));
    ffmpeg(
        "-f lavfi -i testsrc=size=320x180:rate=25 -f lavfi -i sine=frequency=440 -t " + SECONDS,
        "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 50 -sc_threshold 0 -c:a aac film.mp4");
    ffmpeg("-i film.mp4 -c copy -movflags +frag_keyframe -f ismv film.ismv");
    ffmpeg("-i film.mp4 -c copy -f smoothstreaming described");
    byte[] film = Files.readAllBytes(folder.resolve("film.ismv"));
    List<MatchResult> streams =
        STREAM.matcher(Files.readString(folder.resolve("described/Manifest"))).results().toList();
    assertThat(streams).hasSize(2);

    try (Cinema cinema = Cinema.open(folder)) {
      cinema.put("film.ismv", film);
      cinema.put("film.ism", serverManifest(streams).getBytes(UTF_8));
      cinema.put("film.ismc", clientManifest(streams, film).getBytes(UTF_8));
      Api api = cinema.api();
      String bucket = Api.bucketOrigin("bucket", "media", api.createAccessControl("smooth"));
      String behavior =
          Api.behavior("", "bucket", "allow-all", "GET HEAD", Api.OPTIMIZED)
              + "<SmoothStreaming>true</SmoothStreaming><ResponseHeadersPolicyId>"
              + CORS
              + "</ResponseHeadersPolicyId>";
      Api.Made made =
          api.createDistribution(Api.config("smooth", List.of(bucket), behavior, List.of()));
      String url =
          "http://%s:%d/film.ism/Manifest"
              .formatted(made.domainName(), cinema.warmfront().httpPort());

      try (Chromium browser = Chromium.watch(folder, "smooth", url)) {
        Await.until(
            "it has played to its end",
            () -> Chromium.number(browser.report(), "at") > SECONDS - 1);
        assertThat(browser.report()).contains("\"errors\":[]");
        assertThat(Chromium.number(browser.report(), "frames")).isGreaterThan(25 * SECONDS / 2.0);
      }
    }
  }

  private void ffmpeg(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
    command.addAll(List.of(String.join(" ", words).split(" ", -1)));
    Tool.Said said = Tool.run(folder, Map.of(), command.toArray(String[]::new));
    assertThat(said.status()).as(said.stderr()).isZero();
  }

  private static String serverManifest(List<MatchResult> streams) {
    StringBuilder tracks = new StringBuilder();
    for (int i = 0; i < streams.size(); i++) {
      tracks.append(
          "<%1$s src=\"film.ismv\" systemBitrate=\"%2$s\"><param name=\"trackID\" value=\"%3$d\"/></%1$s>"
              .formatted(streams.get(i).group(1), streams.get(i).group(3), i + 1));
    }
    return "<smil xmlns=\"http://www.w3.org/2001/SMIL20/Language\"><head>"
        + "<meta name=\"clientManifestRelativePath\" content=\"film.ismc\"/></head><body><switch>"
        + tracks
        + "</switch></body></smil>";
  }

  private static String clientManifest(List<MatchResult> streams, byte[] film) {
    StringBuilder all =
        new StringBuilder(
            "<SmoothStreamingMedia MajorVersion=\"2\" MinorVersion=\"0\" Duration=\"%d\">"
                .formatted(SECONDS * 10_000_000L));
    for (int i = 0; i < streams.size(); i++) {
      String kind = streams.get(i).group(1);
      List<Long> times = times(film, i + 1);
      all.append(
              "<StreamIndex Type=\"%1$s\" Name=\"%1$s\" QualityLevels=\"1\" Chunks=\"%2$d\" Url=\"QualityLevels({bitrate})/Fragments(%1$s={start time})\">"
                  .formatted(kind, times.size()))
          .append(streams.get(i).group(2));
      for (int at = 0; at < times.size(); at++) {
        long next = at + 1 < times.size() ? times.get(at + 1) : SECONDS * 10_000_000L;
        all.append("<c t=\"%d\" d=\"%d\"/>".formatted(times.get(at), next - times.get(at)));
      }
      all.append("</StreamIndex>");
    }
    return all.append("</SmoothStreamingMedia>").toString();
  }

  /** Returns when the fragments of a track begin, as the index at the file's end has it. */
  private static List<Long> times(byte[] film, int track) {
    ByteBuffer file = ByteBuffer.wrap(film);
    int at = film.length - file.getInt(film.length - 4) + 8;
    List<Long> times = new ArrayList<>();
    for (; at < film.length - 16; at += file.getInt(at)) {
      int entries = file.getInt(at + 20);
      for (int i = 0; i < entries && file.getInt(at + 12) == track; i++) {
        times.add(file.getLong(at + 24 + 19 * i));
      }
    }
    return times;
  }
}
