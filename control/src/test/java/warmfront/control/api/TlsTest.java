package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.control.certificate.Authority;
import warmfront.control.certificate.ShownKeys;
import warmfront.control.store.Kept;
import warmfront.link.Pem;
import warmfront.time.Clock;

/** The API within TLS. */
final class TlsTest {
  @TempDir private static Path folder;
  @TempDir private static Path elsewhere;
  private static Authority authority;
  private static Running running;
  private static volatile Authority.Issued shown;

  @BeforeAll
  static void start() throws IOException {
    authority =
        Authority.loadOrMake(
            folder, new SecretKeySpec(new byte[32], "AES"), Clock.system(), new SecureRandom());
    shown = own();
    running =
        new Running(
            folder,
            Kept.chosen().url(folder),
            Quotas.DEFAULT,
            Limits.DEFAULT,
            Clock.system(),
            ObjectReader.NONE,
            Optional.of(new ShownKeys(() -> shown)));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @BeforeEach
  void show() {
    shown = own();
  }

  private static Authority.Issued own() {
    return authority.api(List.of("127.0.0.1", "::1", "localhost"));
  }

  private static SSLContext trusting(X509Certificate ca) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("ca", ca);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<String> send(String host, SSLContext trust, HttpRequest signed)
      throws Exception {
    URI there = URI.create("https://" + host + ":" + running.server.port());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(there.resolve(signed.uri().getRawPath()))
            .method(signed.method(), signed.bodyPublisher().orElseThrow());
    signed.headers().map().forEach((name, values) -> request.header(name, values.getFirst()));
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpRequest listing() {
    return running.signed(
        Running.ROOT, "cloudfront", "GET", "/2020-05-31/distribution", "", Map.of());
  }

  @Test
  void who_trusts_the_fleets_authority_is_answered() throws Exception {
    HttpResponse<String> said = send("127.0.0.1", trusting(authority.certificate()), listing());

    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
    assertThat(said.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
  }

  @Test
  void who_trusts_another_authority_or_asks_for_another_name_hangs_up() throws Exception {
    Authority other =
        Authority.loadOrMake(
            elsewhere, new SecretKeySpec(new byte[32], "AES"), Clock.system(), new SecureRandom());

    assertThatThrownBy(() -> send("127.0.0.1", trusting(other.certificate()), listing()))
        .isInstanceOf(SSLHandshakeException.class);
    shown = authority.api(List.of("api.example.net", "192.0.2.1"));
    assertThatThrownBy(() -> send("127.0.0.1", trusting(authority.certificate()), listing()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void old_protocols_are_not_spoken(String protocol) throws Exception {
    assertThatThrownBy(() -> shaken(protocol)).isInstanceOf(IOException.class);
  }

  @Test
  void a_new_certificate_is_shown_without_a_restart() throws Exception {
    X509Certificate first = shaken("TLSv1.2");
    shown = authority.api(List.of("127.0.0.1"));

    assertThat(shaken("TLSv1.2")).isNotEqualTo(first).isEqualTo(shown.chain().getFirst());
    assertThat(shaken("TLSv1.3")).isEqualTo(shown.chain().getFirst());
  }

  @Test
  void a_certificate_of_rsa_is_shown_too() throws Exception {
    Issuer issuer = new Issuer("Operator's", Clock.system().now());
    Issuer.Issued leaf = issuer.issue("RSA", 2048, Duration.ofDays(1), "localhost");

    shown = new Authority.Issued(leaf.key(), List.of(leaf.certificate()));

    X509Certificate trusted = Pem.certificates(issuer.pem()).getFirst();
    assertThat(shaken("TLSv1.2", trusted)).isEqualTo(leaf.certificate());
    assertThat(shaken("TLSv1.3", trusted)).isEqualTo(leaf.certificate());
  }

  private X509Certificate shaken(String protocol) throws Exception {
    return shaken(protocol, authority.certificate());
  }

  private X509Certificate shaken(String protocol, X509Certificate trusted) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            trusting(trusted).getSocketFactory().createSocket("127.0.0.1", running.server.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void what_was_made_is_said_to_be_within_tls() throws Exception {
    HttpRequest create =
        running.signed(
            Running.ROOT,
            "cloudfront",
            "POST",
            "/2020-05-31/origin-access-identity/cloudfront",
            "<CloudFrontOriginAccessIdentityConfig><CallerReference>a</CallerReference>"
                + "<Comment></Comment></CloudFrontOriginAccessIdentityConfig>",
            Map.of());

    HttpResponse<String> said = send("127.0.0.1", trusting(authority.certificate()), create);

    assertThat(said.statusCode()).as(said.body()).isEqualTo(201);
    assertThat(said.headers().firstValue("Location").orElseThrow())
        .startsWith("https://127.0.0.1:" + running.server.port() + "/2020-05-31/");
  }

  @Test
  void plain_http_is_not_answered() {
    assertThatThrownBy(() -> running.http.send(listing(), HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }
}
