package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.READ;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Remedies;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;

/**
 * Whom an edge lets in, row by row as CloudFront's guide has it, over real sockets. Countries and
 * signatures are in {@link SignedTest}, hosts within TLS in the viewer room's tests.
 */
final class AdmissionTableTest {
  private final Path data;
  @AutoClose private final LiveEdge live;

  AdmissionTableTest(@TempDir Path data) throws IOException {
    this.data = data;
    live =
        new LiveEdge(
            data,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 0, 0),
            Visits.FRA);
  }

  @BeforeEach
  void serve() {
    live.serving(List.of(policy("P"), noCaching("N")), behavior("*", "P"));
    live.change(site(true, "index.html"));
    live.origin.says("/index.html", 200, "index");
    live.origin.says("/a", 200, "a");
    live.origin.says("/sub/", 200, "sub");
    live.origin.says("/all", 200, "all");
  }

  private Distribution site(boolean enabled, String root) {
    Distribution plain =
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            origin("origin.test", live.origin.port()),
            behavior("*", "P"),
            behavior("/", "N", ViewerProtocol.ALLOW_ALL, ALL),
            behavior("/all*", "N", ViewerProtocol.ALLOW_ALL, ALL),
            behavior("/secure*", "P", ViewerProtocol.HTTPS_ONLY, ALL),
            behavior("/moved*", "P", ViewerProtocol.REDIRECT_TO_HTTPS, ALL),
            behavior("/read*", "P", ViewerProtocol.REDIRECT_TO_HTTPS, READ));
    return new Distribution(
        plain.id(),
        plain.domainName(),
        enabled,
        plain.aliases(),
        root,
        plain.ipv6(),
        plain.http2(),
        plain.priceClass(),
        plain.origins(),
        plain.behaviors(),
        plain.defaultBehavior(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        plain.wishes(),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  @Test
  void a_url_of_8192_bytes_is_served_and_one_more_is_414_and_ends_the_connection()
      throws IOException {
    String longest = "/all?" + "x".repeat(8192 - "/all?".length());

    assertThat(live.visitor().get(longest).status()).isEqualTo(200);
    assertThat(raw("GET " + longest + "x HTTP/1.1\r\nHost: www.example.com\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ")
        .contains("Connection: close");
  }

  @Test
  void a_header_of_32768_bytes_is_served_and_one_more_is_494_and_ends_the_connection()
      throws IOException {
    String start = "GET /a HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\nX: ";
    String most = start + "x".repeat(32_768 - start.length() - 4);

    assertThat(raw(most + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(raw(most + "x\r\n\r\n")).startsWith("HTTP/1.1 494 ").contains("Connection: close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void a_get_with_a_body_is_403(String method) throws IOException {
    assertThat(live.visitor().ask(method, "/all", "body").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "TRACE"})
  void a_method_that_is_not_allowed_is_403_and_logged_as_such(String method) throws IOException {
    Answer answer = live.visitor().ask(method, "/a", "");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.field("Allow")).isEmpty();
    assertThat(logged()).contains("\tInvalidRequestMethod\t");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,     1.1, /secure, 403",
    "POST,    1.1, /secure, 403",
    "GET,     1.1, /moved,  301",
    "HEAD,    1.1, /moved,  301",
    "GET,     1.0, /moved,  301",
    "POST,    1.1, /moved,  307",
    "PUT,     1.1, /moved,  307",
    "PATCH,   1.1, /moved,  307",
    "DELETE,  1.1, /moved,  307",
    "OPTIONS, 1.1, /moved,  307",
    "POST,    1.0, /moved,  403",
    "DELETE,  1.0, /moved,  403",
    "POST,    1.1, /read,   307",
  })
  void plain_http_gets_what_the_viewer_protocol_policy_says(
      String method, String version, String path, int status) throws IOException {
    String said =
        raw(
            "%s %s?q HTTP/%s\r\nHost: www.example.com\r\nConnection: close\r\n\r\n"
                .formatted(method, path, version));

    assertThat(said).startsWith("HTTP/1.1 " + status + " ");
    if (status != 403) {
      assertThat(said).contains("Location: https://www.example.com:8443" + path + "?q\r\n");
      assertThat(said).contains("X-Cache: Redirect from cloudfront\r\n");
    }
  }

  @Test
  void the_default_root_object_stands_for_the_root_alone_whatever_the_method() throws IOException {
    for (String method : List.of("GET", "POST", "OPTIONS")) {
      live.visitor().ask(method, "/", "");
    }
    live.visitor().get("/sub/");

    assertThat(live.origin.asked.stream().map(line -> line.split(" ", 3)))
        .extracting(words -> words[0] + " " + words[1])
        .containsExactly("GET /index.html", "POST /index.html", "OPTIONS /index.html", "GET /sub/");
  }

  @Test
  void a_disabled_distribution_is_403_and_asks_no_origin() throws IOException {
    live.change(site(false, ""));

    assertThat(live.visitor().get("/a").status()).isEqualTo(403);
    assertThat(live.origin.asked).isEmpty();
  }

  @Test
  void a_name_that_no_distribution_has_is_403() throws IOException {
    assertThat(live.visitor(0, "other.example.com").get("/a").status()).isEqualTo(403);
  }

  @Test
  void a_method_named_in_a_field_is_not_the_method() throws IOException {
    Answer posing = live.visitor().get("/a", "X-HTTP-Method-Override", "DELETE");

    assertThat(posing.status()).isEqualTo(200);
    assertThat(live.origin.asked).singleElement().asString().startsWith("GET /a ");
    assertThat(live.visitor().ask("POST", "/a", "", "X-HTTP-Method-Override", "GET").status())
        .isEqualTo(403);
  }

  @Test
  void a_third_distribution_in_a_chain_is_403() throws IOException {
    assertThat(live.visitor().get("/all", "CDN-Loop", "warmfront, warmfront").status())
        .isEqualTo(200);
    assertThat(live.visitor().get("/all", "CDN-Loop", "warmfront, warmfront, warmfront").status())
        .isEqualTo(403);
  }

  /** Sends bytes and returns all that comes until the edge closes. */
  private String raw(String request) throws IOException {
    try (Socket socket = live.visitor().connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Ends the edge and returns its access log. */
  private String logged() throws IOException {
    live.awaitFinished(1);
    live.edge().close();
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".gz")).toList()) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return all.toString();
  }
}
