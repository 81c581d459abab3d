package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.policy;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.NameSet;
import warmfront.distribution.Wishes;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.time.ManualClock;

/** Compression at the edge, over real sockets. */
final class CompressionTest {
  private static final Behavior.Options COMPRESS =
      new Behavior.Options(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Behavior.Signers.NONE,
          Set.of(Behavior.Trait.COMPRESS));
  private static final String PAGE = "<li>A line of a list, as lists have them</li>\n".repeat(100);

  @AutoClose private final LiveEdge live;
  private final ScriptedOrigin origin;
  private final ManualClock clock;

  CompressionTest(@TempDir Path data) throws IOException {
    CachePolicy gzip =
        new CachePolicy(
            "G",
            "G",
            Duration.ZERO,
            Duration.ofDays(1),
            Duration.ofDays(365),
            true,
            false,
            NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 64L << 20, 0),
                Visits.FRA)
            .serving(
                List.of(
                    policy("P"),
                    gzip,
                    noCaching("N"),
                    policy("L", NameSet.only("Accept-Encoding"), NameSet.NONE, NameSet.NONE)),
                behavior("*", "P").withOptions(COMPRESS),
                behavior("/gzip/*", "G").withOptions(COMPRESS),
                behavior("/none/*", "N").withOptions(COMPRESS),
                behavior("/listed/*", "L").withOptions(COMPRESS),
                behavior("/off/*", "P"));
    origin = live.origin;
    clock = live.clock;
  }

  @Test
  void viewers_get_what_they_take_from_the_cache_and_all_get_the_same_page() throws IOException {
    origin.says("/a", 200, PAGE, "Content-Type", "text/html", "ETag", "\"1\"");

    for (String taken : List.of("gzip, deflate, br", "br", "gzip", "deflate", "gzip;q=0, br;q=0")) {
      Answer miss = visitor().get("/a", "Accept-Encoding", taken);
      Answer hit = visitor().get("/a", "Accept-Encoding", taken);

      boolean refuses = taken.equals("deflate") || taken.contains("q=0");
      String coding = refuses ? "" : taken.contains("br") ? "br" : "gzip";
      for (Answer answer : List.of(miss, hit)) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Encoding")).isEqualTo(coding);
        assertThat(decoded(answer)).isEqualTo(PAGE);
        assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.field("ETag")).isEqualTo(coding.isEmpty() ? "\"1\"" : "W/\"1\"");
        assertThat(answer.fields().has("Warmfront-Origin-ETag")).isFalse();
      }
      assertThat(hit.field("X-Cache")).startsWith("Hit");
      assertThat(hit.body()).isEqualTo(miss.body());
      if (!coding.isEmpty()) {
        assertThat(hit.body().length()).isLessThan(PAGE.length() / 10);
      }
    }
    assertThat(origin.asked).hasSize(4);
    assertThat(live.edge().counters().coding().bodies()).isEqualTo(3);
  }

  @Test
  void brotli_is_for_policies_that_switch_it_on() throws IOException {
    origin.says("/gzip/a", 200, PAGE, "Content-Type", "text/html");

    Answer answer = visitor().get("/gzip/a", "Accept-Encoding", "br, gzip");

    assertThat(answer.field("Content-Encoding")).isEqualTo("gzip");
    assertThat(visitor().get("/gzip/a", "Accept-Encoding", "br").field("Content-Encoding"))
        .isEmpty();
  }

  /** An answer, and the coding that a viewer of brotli gets it in. */
  private record Case(
      String folder, int status, int length, String type, String control, String coding) {}

  private static final List<Case> CASES =
      List.of(
          new Case("", 200, 1000, "text/html", "", "br"),
          new Case("", 200, 999, "text/html", "", ""),
          new Case("", 403, 2000, "application/json; charset=utf-8", "", "br"),
          new Case("", 404, 2000, "TEXT/HTML", "", "br"),
          new Case("", 201, 2000, "text/html", "max-age=9", ""),
          new Case("", 500, 2000, "text/html", "", ""),
          new Case("", 200, 2000, "video/mp4", "", ""),
          new Case("", 200, 2000, "text/event-stream", "", ""),
          new Case("", 200, 2000, "", "", ""),
          new Case("", 200, 2000, "text/html", "max-age=9, No-Transform", ""),
          new Case("", 200, 2000, "text/html", "no-store", "br"),
          new Case("/none", 200, 2000, "text/html", "", ""),
          new Case("/off", 200, 2000, "text/html", "", ""),
          new Case("/listed", 200, 2000, "text/html", "", ""));

  @Test
  void an_answer_is_compressed_under_all_of_the_conditions() throws IOException {
    for (Case one : CASES) {
      String path = one.folder() + "/" + CASES.indexOf(one) + ".x";
      String text = "0123456789".repeat(200).substring(0, one.length());
      origin.on(
          path,
          exchange -> {
            if (!one.type().isEmpty()) {
              exchange.getResponseHeaders().add("Content-Type", one.type());
            }
            if (!one.control().isEmpty()) {
              exchange.getResponseHeaders().add("Cache-Control", one.control());
            }
            ScriptedOrigin.answer(exchange, one.status(), text);
          });

      Answer answer = visitor().get(path, "Accept-Encoding", "br");

      assertThat(answer.status()).isEqualTo(one.status());
      assertThat(answer.field("Content-Encoding")).as(one.toString()).isEqualTo(one.coding());
      assertThat(decoded(answer)).isEqualTo(text);
    }
  }

  @Test
  void what_is_too_long_or_says_no_length_or_has_a_coding_stays_as_it_is() throws IOException {
    origin.says("/long", 200, "0123456789".repeat(1_000_001), "Content-Type", "text/plain");
    origin.says("/coded", 200, PAGE, "Content-Type", "text/plain", "Content-Encoding", "x-mine");
    origin.on(
        "/chunked",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(PAGE.getBytes(ISO_8859_1));
        });

    assertThat(visitor().get("/long", "Accept-Encoding", "br").body()).hasSize(10_000_010);
    assertThat(visitor().get("/coded", "Accept-Encoding", "br").field("Content-Encoding"))
        .isEqualTo("x-mine");
    assertThat(visitor().get("/chunked", "Accept-Encoding", "br").body()).isEqualTo(PAGE);
  }

  @Test
  void a_viewer_of_http_1_0_gets_the_bare_object() throws IOException {
    origin.says("/a", 200, PAGE, "Content-Type", "text/html");

    try (Socket socket = visitor().connect()) {
      socket
          .getOutputStream()
          .write(
              "GET /a HTTP/1.0\r\nHost: www.example.com\r\nAccept-Encoding: br\r\n\r\n"
                  .getBytes(ISO_8859_1));
      Answer answer = Visitor.read(socket, "GET");

      assertThat(answer.fields().has("Content-Encoding")).isFalse();
      assertThat(answer.body()).isEqualTo(PAGE);
    }
  }

  @Test
  void a_compressed_object_is_confirmed_by_the_origins_own_tag() throws IOException {
    origin.on(
        "/a",
        exchange -> {
          boolean same = "\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
          if (same) {
            ScriptedOrigin.answer(exchange, 304, "", "ETag", "\"v1\"", "Vary", "Origin");
          } else {
            ScriptedOrigin.answer(
                exchange,
                200,
                PAGE,
                "Content-Type",
                "text/css",
                "ETag",
                "\"v1\"",
                "Content-MD5",
                "Q2hlY2sgSW50ZWdyaXR5IQ==",
                "Cache-Control",
                "max-age=10");
          }
        });
    visitor().get("/a", "Accept-Encoding", "br");
    clock.advance(Duration.ofSeconds(11));

    Answer confirmed = visitor().get("/a", "Accept-Encoding", "br");
    clock.advance(Duration.ofSeconds(11));
    Answer again = visitor().get("/a", "Accept-Encoding", "br");

    for (Answer answer : List.of(confirmed, again)) {
      assertThat(answer.field("X-Cache")).startsWith("RefreshHit");
      assertThat(answer.field("Content-Encoding")).isEqualTo("br");
      assertThat(answer.field("ETag")).isEqualTo("W/\"v1\"");
      assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
      assertThat(answer.fields().has("Content-MD5")).isFalse();
      assertThat(decoded(answer)).isEqualTo(PAGE);
    }
    assertThat(origin.asked).hasSize(3);
  }

  @Test
  void conditions_and_ranges_are_of_the_compressed_bytes() throws IOException {
    origin.says("/a", 200, PAGE, "Content-Type", "text/css", "ETag", "\"v1\"");
    visitor().get("/a", "Accept-Encoding", "gzip");
    Answer whole = visitor().get("/a", "Accept-Encoding", "gzip");

    Answer part = visitor().get("/a", "Accept-Encoding", "gzip", "Range", "bytes=2-9");
    Answer weak =
        visitor()
            .get("/a", "Accept-Encoding", "gzip", "Range", "bytes=2-9", "If-Range", "W/\"v1\"");
    Answer same = visitor().get("/a", "Accept-Encoding", "gzip", "If-None-Match", "W/\"v1\"");
    Answer other = visitor().get("/a", "Accept-Encoding", "gzip", "If-None-Match", "\"v2\"");

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(whole.body().substring(2, 10));
    assertThat(part.field("Content-Range")).isEqualTo("bytes 2-9/" + whole.body().length());
    assertThat(part.field("Content-Encoding")).isEqualTo("gzip");
    assertThat(weak.status()).as("no parts of two versions are put together").isEqualTo(200);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.field("ETag")).isEqualTo("W/\"v1\"");
    assertThat(other.status()).isEqualTo(200);
  }

  @Test
  void an_origin_that_stops_in_the_middle_breaks_the_response_off() throws IOException {
    origin.on(
        "/a",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/css");
          exchange.sendResponseHeaders(200, 5_000);
          exchange.getResponseBody().write(PAGE.substring(0, 2_000).getBytes(ISO_8859_1));
          exchange.getResponseBody().flush();
          throw new IOException("the cable");
        });

    assertThat(broke("/a")).isTrue();
    // One that comes before the first fetch is cleared away shares its end.
    for (int i = 0; i < 1_000 && origin.asked.size() < 2; i++) {
      assertThat(broke("/a")).as("nothing of it is kept").isTrue();
    }
    assertThat(origin.asked).hasSize(2);
  }

  private boolean broke(String path) {
    try {
      visitor().get(path, "Accept-Encoding", "br");
      return false;
    } catch (IOException | NumberFormatException e) {
      return true;
    }
  }

  @Test
  void zstd_is_for_distributions_that_ask_for_it() throws IOException {
    origin.says("/a", 200, PAGE, "Content-Type", "text/html");
    assertThat(visitor().get("/a", "Accept-Encoding", "zstd").field("Content-Encoding")).isEmpty();

    live.change(
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                Pictures.origin("origin.test", origin.port()),
                behavior("*", "P").withOptions(COMPRESS))
            .withWishes(Wishes.NONE.withResponses(new Wishes.Responses(true, false))));
    Answer answer = visitor().get("/a", "Accept-Encoding", "gzip, br, zstd");

    assertThat(answer.field("Content-Encoding")).isEqualTo("zstd");
    assertThat(decoded(answer)).isEqualTo(PAGE);
    assertThat(origin.asked.getLast()).contains("zstd,br,gzip");
  }

  private static String decoded(Answer answer) throws IOException {
    var in = new ByteArrayInputStream(answer.body().getBytes(ISO_8859_1));
    try (InputStream decoder =
        switch (answer.field("Content-Encoding")) {
          case "gzip" -> new GZIPInputStream(in);
          case "br" -> new BrotliInputStream(in);
          case "zstd" -> new ZstdInputStreamNoFinalizer(in);
          default -> in;
        }) {
      return new String(decoder.readAllBytes(), ISO_8859_1);
    }
  }

  private Visitor visitor() {
    return live.visitor();
  }
}
