package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.policy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.peer.Limits;
import warmfront.edge.step.FleetIdentity;

/** Who may ask on the port between edges, and how. */
final class PeerPortTest {
  private static final String INTERNAL =
      """
      Warmfront-Request-Id: abc\r
      Warmfront-Viewer: 192.0.2.7\r
      Warmfront-Scheme: https\r
      Warmfront-Protocol: HTTP/2.0\r
      Warmfront-Matched: /a\r
      Warmfront-Point: 1.1\r
      """;

  @TempDir private Path folder;
  private final LiveLocation location;

  PeerPortTest() throws IOException {
    location = new LiveLocation();
  }

  @BeforeEach
  void open() throws IOException {
    location
        .started(folder, Limits.DEFAULT)
        .serving(List.of(policy("P")), behavior("*", "P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
  }

  @AfterEach
  void close() {
    location.close();
  }

  @Test
  void a_server_of_the_location_is_answered_in_the_viewers_name() throws Exception {
    String answer = asked(Optional.of(location.fleet.server("fra-2")), "GET /a", INTERNAL);

    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nWarmfront-Cache-Status: fwd=miss; stored; ttl=60\r\n")
        .doesNotContain("\r\nCache-Status:")
        .contains("\r\nX-Amz-Cf-Id: abc\r\n")
        .endsWith("hello");
    assertThat(location.origin.asked.getFirst())
        .contains("X-forwarded-for=[192.0.2.7]")
        .contains("Via=[2.0 ")
        .doesNotContain("Warmfront-");
    // How far the other edge is says nothing of viewers.
    assertThat(location.edge("fra-1").roundTrips()).isEmpty();
    assertThat(location.edge("fra-1").counters().viewers().measured()).isZero();
  }

  @Test
  void nobody_else_gets_past_the_handshake() throws Exception {
    FleetAuthority others = new FleetAuthority();
    FleetIdentity selfMade = selfMade("fra-2.server.fleet.warmfront");

    assertThat(asked(Optional.empty(), "GET /a", INTERNAL)).isEmpty();
    assertThat(asked(Optional.of(others.server("fra-2")), "GET /a", INTERNAL)).isEmpty();
    assertThat(asked(Optional.of(selfMade), "GET /a", INTERNAL)).isEmpty();
    assertThat(
            asked(Optional.of(location.fleet.named("control.fleet.warmfront")), "GET /a", INTERNAL))
        .isEmpty();
    assertThat(location.origin.asked).isEmpty();
    LiveEdge.eventually(() -> location.edge("fra-1").counters().viewers().handshakesFailed() == 4);
  }

  @Test
  void a_server_of_the_fleet_that_is_not_of_the_location_is_told_so() throws Exception {
    String answer = asked(Optional.of(location.fleet.server("nrt-1")), "GET /a", INTERNAL);

    assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContain("Warmfront-Cache-Status");
    assertThat(location.origin.asked).isEmpty();
  }

  @Test
  void what_is_asked_for_no_one_viewer_stays_so() throws Exception {
    String internal = INTERNAL.replace("192.0.2.7", "0.0.0.0");

    String answer = asked(Optional.of(location.fleet.server("fra-2")), "GET /a", internal);

    assertThat(answer).endsWith("hello");
    assertThat(location.origin.asked.getFirst()).doesNotContainIgnoringCase("X-Forwarded-For");
  }

  @Test
  void what_is_not_a_request_between_edges_is_declined() throws Exception {
    Optional<FleetIdentity> peer = Optional.of(location.fleet.server("fra-2"));
    List<String> wrong =
        List.of(
            "",
            INTERNAL.replace("192.0.2.7", "localhost"),
            INTERNAL.replace("Scheme: https", "Scheme: ftp"),
            INTERNAL.replace("HTTP/2.0", "HTTP/9"),
            INTERNAL.replace("Matched: /a", "Matched: a"),
            INTERNAL.replace("1.1", "1"),
            INTERNAL.replace("1.1", "1.-1"),
            INTERNAL.replace("1.1", "1.9999999999999999999"),
            INTERNAL.replace("abc", "a".repeat(65)),
            INTERNAL + "Warmfront-Tier: FAR\r\n",
            INTERNAL + "Content-Length: 1\r\n");
    for (String fields : wrong) {
      assertThat(asked(peer, "GET /a", fields))
          .as(fields)
          .startsWith("HTTP/1.1 400 ")
          .doesNotContain("Warmfront-Cache-Status");
    }
    assertThat(location.origin.asked).isEmpty();
  }

  @Test
  void an_unknown_host_and_a_server_that_is_behind_are_no_answer_either() throws Exception {
    Optional<FleetIdentity> peer = Optional.of(location.fleet.server("fra-2"));

    assertThat(asked(peer, "GET /a", INTERNAL, "nobody.example"))
        .startsWith("HTTP/1.1 403 ")
        .doesNotContain("Warmfront-Cache-Status");
    assertThat(asked(peer, "GET /a", INTERNAL.replace("1.1", "9.9")))
        .startsWith("HTTP/1.1 503 ")
        .doesNotContain("Warmfront-Cache-Status");
  }

  private static FleetIdentity selfMade(String name) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=" + name)
            .addSanDnsName(name)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    return new FleetIdentity(
        bundle.getKeyPair().getPrivate(),
        List.of(bundle.getCertificate()),
        List.of(bundle.getCertificate()));
  }

  private String asked(Optional<FleetIdentity> own, String line, String fields) throws Exception {
    return asked(own, line, fields, LiveLocation.HOST);
  }

  /** Returns all that comes back; empty if the connection is not let in. */
  private String asked(Optional<FleetIdentity> own, String line, String fields, String host)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys(own), new TrustManager[] {TRUSTING}, new SecureRandom());
    InetSocketAddress at = location.peerAddress("fra-1");
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(20_000);
      String request =
          "%s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n".formatted(line, host, fields);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // an alert, or the end of the connection
    }
  }

  private static KeyManager[] keys(Optional<FleetIdentity> own) throws Exception {
    if (own.isEmpty()) {
      return new KeyManager[0];
    }
    char[] none = new char[0];
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, none);
    store.setKeyEntry(
        "own", own.get().key(), none, own.get().chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return factory.getKeyManagers();
  }

  /** The one who knocks does not care who opens. */
  private static final X509TrustManager TRUSTING =
      new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      };
}
