package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a distribution with HTTP/3 is read over HTTP/3 by a browser, one without is not. */
@Tag("full")
final class Http3Journey {
  private static final int PARTS = 60;

  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api api;
  private static String host;
  private static String other;

  @BeforeAll
  static void a_site_of_many_parts() throws Exception {
    origin = Origin.open();
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
    host = made("with", "http2and3");
    other = made("without", "http2");
  }

  private static String made(String name, String version) throws Exception {
    String config =
        Api.config(
                name,
                List.of(Api.serverOrigin("server", origin.port())),
                Api.behavior("", "server", "allow-all", "GET HEAD", Api.OPTIMIZED),
                List.of())
            .replace(
                "</DistributionConfig>",
                "<HttpVersion>" + version + "</HttpVersion></DistributionConfig>");
    return api.createDistribution(config).domainName();
  }

  @AfterAll
  static void end() {
    api.close();
    warmfront.close();
    origin.close();
  }

  @Test
  void chromium_loads_a_page_with_all_its_parts() throws Exception {
    assertThat(page(host)).contains(PARTS + " over h3<");
  }

  @Test
  void a_distribution_without_it_is_read_over_http2() throws Exception {
    assertThat(page(other)).contains(PARTS + " over h2<");
  }

  @Test
  void curl_is_told_where_http3_is_spoken() throws Exception {
    String told = "alt-svc: h3=\":" + warmfront.httpsPort() + "\"; ma=86400";

    assertThat(head(host)).containsIgnoringCase(told);
    assertThat(head(other)).doesNotContainIgnoringCase("alt-svc");
  }

  private static String head(String name) throws Exception {
    return run(
        List.of(
            "curl",
            "-sSI",
            "--max-time",
            "30",
            "--cacert",
            warmfront.data().resolve("ca.pem").toString(),
            "--resolve",
            name + ":" + warmfront.httpsPort() + ":127.0.0.2",
            "https://" + name + ":" + warmfront.httpsPort() + "/page.html"));
  }

  /** Has the browser try HTTP/3 first, as it does where Alt-Svc or DNS told it before. */
  private static String page(String name) throws Exception {
    String authority = name + ":" + warmfront.httpsPort();
    List<String> options =
        new ArrayList<>(
            List.of("--enable-quic", "--ignore-certificate-errors-spki-list=" + keyHash(name)));
    if (name.equals(host)) {
      options.add("--origin-to-force-quic-on=" + authority);
    }
    return Chromium.page(
        folder, List.of(name + " 127.0.0.2"), options, "https://" + authority + "/page.html");
  }

  /** Returns what the browser knows the zone's certificate by: over QUIC it trusts no own CA. */
  private static String keyHash(String name) throws Exception {
    String shown =
        run(
            List.of(
                "sh",
                "-c",
                "openssl s_client -connect 127.0.0.2:%d -servername %s </dev/null 2>/dev/null"
                        .formatted(warmfront.httpsPort(), name)
                    + " | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der"
                    + " | openssl dgst -sha256 -binary | base64"));
    assertThat(Base64.getDecoder().decode(shown.strip())).hasSize(32);
    return shown.strip();
  }

  /** Runs a program that is to succeed and returns what it says, or skips the test. */
  private static String run(List<String> command) throws Exception {
    assumeTrue(Tool.isThere(command.getFirst()), command.getFirst() + " is not installed");
    Tool.Said said = Tool.run(folder, Map.of(), command.toArray(String[]::new));
    assertThat(said.status()).as("%s%s", said.stdout(), said.stderr()).isZero();
    return said.stdout();
  }
}
