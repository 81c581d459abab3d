package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: what others wrote to speak HTTP/2 gets all that it asks for, over HTTP/2. */
@Tag("full")
final class Http2Journey {
  private static final int PARTS = 60;

  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api api;
  private static String host;

  @BeforeAll
  static void a_site_of_many_parts() throws Exception {
    origin = Origin.open().says("/echo", 200, "no-store", "got it");
    StringBuilder page = new StringBuilder("<!doctype html><title>-</title><p id=said>nothing</p>");
    page.append("<script>let loaded = 0</script>");
    for (int i = 1; i <= PARTS; i++) {
      page.append("<script src=/part-%d.js></script>".formatted(i));
      String padding = "//" + "x".repeat(i * 1000) + "\n";
      origin.says("/part-%d.js".formatted(i), 200, "max-age=60", padding + "loaded++");
    }
    page.append(
        """
        <script>
          const all = performance.getEntriesByType('resource').map(part => part.nextHopProtocol)
          const here = performance.getEntriesByType('navigation')[0].nextHopProtocol
          document.getElementById('said').textContent = loaded + ' over ' + [...new Set([here, ...all])]
        </script>
        """);
    origin.says("/page.html", 200, "max-age=60", page.toString());
    warmfront = Warmfront.up(folder, Map.of());
    api = new Api(warmfront.callApi());
    String all = "GET HEAD OPTIONS PUT PATCH POST DELETE";
    host =
        api.createDistribution(
                Api.config(
                    "interop",
                    List.of(Api.serverOrigin("server", origin.port())),
                    Api.behavior("", "server", "allow-all", "GET HEAD", Api.OPTIMIZED),
                    List.of(Api.behavior("/echo", "server", "allow-all", all, Api.DISABLED))))
            .domainName();
  }

  @AfterAll
  static void end() {
    api.close();
    warmfront.close();
    origin.close();
  }

  @Test
  void curl_with_many_streams() throws Exception {
    String said =
        run(
            "curl",
            "-sS",
            "--http2",
            "--parallel",
            "--max-time",
            "30",
            "--cacert",
            warmfront.data().resolve("ca.pem").toString(),
            "--resolve",
            host + ":" + warmfront.httpsPort() + ":127.0.0.2",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} over %{http_version}\\n",
            url("/part-[1-" + PARTS + "].js"));

    assertThat(said.lines()).hasSize(PARTS).containsOnly("200 over 2");
  }

  @Test
  void nghttp_with_many_streams_and_old_priorities() throws Exception {
    String said = nghttp("-n", "-s", "-m", "100", "--no-push", direct("/part-60.js"));

    assertThat(said.lines().filter(line -> line.matches(".* 200 +58K /part-60\\.js"))).hasSize(100);
  }

  @Test
  void nghttp_with_urgency_padding_and_a_small_window() throws Exception {
    String said =
        nghttp(
            "-nv",
            "-b",
            "200",
            "-w",
            "12",
            "-W",
            "14",
            "-H",
            "priority: u=1, i",
            direct("/part-30.js"),
            direct("/part-40.js"));

    assertThat(said).contains(":status: 200").doesNotContain("RST_STREAM", "PROTOCOL_ERROR");
    assertThat(said.lines().filter(line -> line.contains("; END_STREAM"))).hasSizeGreaterThan(1);
  }

  @Test
  void nghttp_with_a_body_and_trailers() throws Exception {
    Path body = Files.writeString(folder.resolve("body"), "a".repeat(300_000));

    String said =
        nghttp(
            "-v", "-d", body.toString(), "--trailer", "x-check: 1", "-b", "100", direct("/echo"));

    assertThat(said).contains(":status: 200").contains("got it").doesNotContain("RST_STREAM");
    assertThat(origin.received("/echo")).hasSize(300_000);
  }

  @Test
  void h2load_with_a_hundred_streams_on_each_connection() throws Exception {
    String said =
        run(
            "h2load",
            "-n",
            "5000",
            "-c",
            "5",
            "-m",
            "100",
            "-H",
            ":authority: " + host,
            direct("/part-1.js"),
            direct("/part-20.js"));

    assertThat(said)
        .contains("5000 succeeded, 0 failed, 0 errored")
        .contains("status codes: 5000 2xx")
        .contains("Application protocol: h2");
  }

  @Test
  void chromium_loads_a_page_with_all_its_parts() throws Exception {
    String said =
        run(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + Files.createTempDirectory(folder, "chromium"),
            "--ignore-certificate-errors",
            "--host-resolver-rules=MAP " + host + " 127.0.0.2",
            "--dump-dom",
            url("/page.html"));

    assertThat(said).contains(PARTS + " over h2<");
  }

  /** Runs a program that is to succeed and returns what it says, or skips the test. */
  private static String run(String... command) throws Exception {
    assumeTrue(Tool.isThere(command[0]), command[0] + " is not installed");
    Tool.Said said = Tool.run(folder, Map.of(), command);
    assertThat(said.status()).as("%s%s", said.stdout(), said.stderr()).isZero();
    return said.stdout();
  }

  private static String nghttp(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("nghttp", "-y", "-H", ":authority: " + host));

    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static String url(String path) {
    return "https://" + host + ":" + warmfront.httpsPort() + path;
  }

  /** Names the address, for programs that find no name below localhost. */
  private static String direct(String path) {
    return "https://127.0.0.2:" + warmfront.httpsPort() + path;
  }
}
