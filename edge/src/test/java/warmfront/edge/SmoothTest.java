package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.Behavior;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;

/** Smooth Streaming out of files as an encoder leaves them in a bucket, over real sockets. */
final class SmoothTest {
  private static final String SERVER_MANIFEST =
      """
      <?xml version="1.0" encoding="utf-8"?>
      <smil xmlns="http://www.w3.org/2001/SMIL20/Language">
        <head><meta name="clientManifestRelativePath" content="film one.ismc"/></head>
        <body><switch>
          <video src="film one.ismv" systemBitrate="200000">
            <param name="trackID" value="1" valuetype="data"/>
          </video>
          <audio src="film one.ismv" systemBitrate="64000">
            <param name="trackID" value="2" valuetype="data"/>
            <param name="trackName" value="english" valuetype="data"/>
          </audio>
          <video src="lost.ismv" systemBitrate="400000"><param name="trackID" value="1"/></video>
          <video src="broken.ismv" systemBitrate="500000"><param name="trackID" value="1"/></video>
        </switch></body>
      </smil>
      """;
  private static final int LONG = 700_000;

  @AutoClose private final LiveEdge edge;
  private final ScriptedOrigin origin;
  private final byte[] film = film();
  private volatile boolean givesParts = true;

  SmoothTest(@TempDir Path data) throws IOException {
    Behavior smooth =
        behavior("*.ism/*", "P").withOptions(Behavior.Options.of(Behavior.Trait.SMOOTH));
    edge =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(32L << 20), List.of(), 0, 0),
                Visits.FRA)
            .serving(List.of(policy("P")), behavior("*", "P"), smooth);
    origin = edge.origin;
    origin.says(
        "/v/film.ism", 200, SERVER_MANIFEST, "ETag", "\"s\"", "Cache-Control", "max-age=60");
    origin.says("/v/film one.ismc", 200, "<SmoothStreamingMedia/>", "ETag", "\"c\"");
    origin.on("/v/film one.ismv", this::part);
    origin.says("/v/broken.ismv", 200, "no film at all, but long enough", "ETag", "\"b\"");
    origin.says("/v/bad.ism", 200, "<!DOCTYPE a><smil/>");
    origin.says("/v/away.ism", 200, SERVER_MANIFEST.replace("film one.ismc", "../film.ismc"));
  }

  @Test
  void a_manifest_is_the_client_manifest_that_the_server_manifest_names() throws IOException {
    Answer first = get("/v/film.ism/Manifest");
    Answer again = get("/v/film.ism/manifest?x=1");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("<SmoothStreamingMedia/>");
    assertThat(first.field("Content-Type")).isEqualTo("text/xml");
    assertThat(first.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(origin.asked).hasSize(2);
  }

  @Test
  void a_fragment_is_cut_out_of_the_file_of_its_track() throws IOException {
    Answer video = get("/v/film.ism/QualityLevels(200000)/Fragments(video=20000000)");
    Answer audio = get("/v/film.ism/QualityLevels(64000,x=y)/Fragments(english=5)");

    assertThat(video.status()).isEqualTo(200);
    assertThat(video.field("Content-Type")).isEqualTo("video/mp4");
    assertThat(video.field("Content-Range")).isNullOrEmpty();
    assertThat(video.field("Accept-Ranges")).isNullOrEmpty();
    assertThat(video.body().equals(fragment('c', LONG))).isTrue();
    assertThat(audio.status()).isEqualTo(200);
    assertThat(audio.field("Content-Type")).isEqualTo("audio/mp4");
    assertThat(audio.body()).isEqualTo(fragment('b', 10));
  }

  @Test
  void fragments_that_were_read_once_cost_the_origin_nothing() throws IOException {
    String path = "/v/film.ism/QualityLevels(200000)/Fragments(video=20000000)";
    get(path);
    int asked = origin.asked.size();

    Answer again = get(path);
    Answer escaped = get(path.replace("(", "%28").replace(")", "%29").replace("=", "%3d"));
    Answer part = edge.visitor().get(path, "Range", "bytes=0-3");
    Answer unchanged = edge.visitor().get(path, "If-None-Match", "\"f\"");

    assertThat(again.body().equals(fragment('c', LONG))).isTrue();
    assertThat(escaped.body().equals(again.body())).isTrue();
    assertThat(again.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(part.status()).as("a fragment has no parts").isEqualTo(200);
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(origin.asked).hasSize(asked);
  }

  @Test
  void an_origin_that_gives_no_parts_has_fragments_cut_from_the_whole() throws IOException {
    givesParts = false;

    Answer video = get("/v/film.ism/QualityLevels(200000)/Fragments(video=0)");

    assertThat(video.status()).isEqualTo(200);
    assertThat(video.body()).isEqualTo(fragment('a', 30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v/film.ism/QualityLevels(200000)/Fragments(video=1)",
        "/v/film.ism/QualityLevels(200001)/Fragments(video=0)",
        "/v/film.ism/QualityLevels(64000)/Fragments(audio=5)",
        "/v/film.ism/QualityLevels(400000)/Fragments(video=0)",
        "/v/other.ism/Manifest",
        "/v/other.ism/QualityLevels(200000)/Fragments(video=0)",
      })
  void what_is_not_there_is_not_found(String path) throws IOException {
    Answer answer = get(path);

    assertThat(answer.status()).as(answer.body()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v/film.ism/QualityLevels(500000)/Fragments(video=0)",
        "/v/bad.ism/Manifest",
        "/v/away.ism/Manifest",
      })
  void what_is_no_presentation_is_the_origins_fault(String path) throws IOException {
    Answer answer = get(path);

    assertThat(answer.status()).as(answer.body()).isEqualTo(502);
  }

  @Test
  void other_paths_methods_and_behaviors_are_as_ever() throws IOException {
    origin.says("/v/film.ism/QualityLevels(x)", 200, "as it is");
    origin.says("/film.isml/Manifest", 200, "live");

    assertThat(get("/v/film.ism/QualityLevels(x)").body()).isEqualTo("as it is");
    assertThat(get("/film.isml/Manifest").body()).isEqualTo("live");
    assertThat(edge.visitor().ask("HEAD", "/v/film.ism/Manifest", "").status()).isEqualTo(200);
  }

  private Answer get(String path) throws IOException {
    return edge.visitor().get(path);
  }

  private void part(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    exchange.getResponseHeaders().set("ETag", "\"f\"");
    if (givesParts && Ranges.of(asked, film.length) instanceof Ranges.Part(ByteRange range)) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(range.first(), range.last(), film.length));
      exchange.sendResponseHeaders(206, range.length());
      exchange
          .getResponseBody()
          .write(Arrays.copyOfRange(film, (int) range.first(), (int) range.last() + 1));
    } else {
      exchange.sendResponseHeaders(200, film.length);
      exchange.getResponseBody().write(film);
    }
  }

  /** Video at 0 and 2 seconds, the second beyond the first MiB, with sound between. */
  private static byte[] film() {
    StringBuilder all = new StringBuilder(box("ftyp", "isml"));
    int first = all.length();
    all.append(fragment('a', 30));
    int sound = all.length();
    all.append(fragment('b', 10));
    all.append(box("free", "x".repeat(LONG)));
    int second = all.length();
    all.append(fragment('c', LONG));
    String tables = table(true, 1, 0, first, 20_000_000, second) + table(false, 2, 5, sound);
    int length = 8 + tables.length() + 16;
    all.append(box("mfra", tables + box("mfro", number(0, 4) + number(length, 4))));
    return all.toString().getBytes(ISO_8859_1);
  }

  private static String fragment(char what, int length) {
    return box("moof", "head of " + what) + box("mdat", String.valueOf(what).repeat(length));
  }

  private static String table(boolean wide, int track, long... timesAndPlaces) {
    int width = wide ? 8 : 4;
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < timesAndPlaces.length; i += 2) {
      entries
          .append(number(timesAndPlaces[i], width))
          .append(number(timesAndPlaces[i + 1], width))
          .append("\1\0\1\0\0\1"); // numbers of one, two and three bytes
    }
    return box(
        "tfra",
        number(wide ? 1L << 24 : 0, 4)
            + number(track, 4)
            + number(0b000110, 4)
            + number(timesAndPlaces.length / 2, 4)
            + entries);
  }

  private static String box(String name, String content) {
    return number(8 + content.length(), 4) + name + content;
  }

  private static String number(long value, int bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(out)) {
      data.writeLong(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString(ISO_8859_1).substring(8 - bytes);
  }
}
