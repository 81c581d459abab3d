package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Flow;
import warmfront.distribution.Certificate;
import warmfront.distribution.Origin;
import warmfront.edge.ClientAuthority;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Route;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Origins that ask an edge who it is. */
final class OriginClientCertificatesTest {
  private static final ClientAuthority ROOT = ClientAuthority.named("Root");

  private final X509Bundle own;
  private final Path authorities;
  private final Asking asking = new Asking();

  OriginClientCertificatesTest(@TempDir Path folder) throws Exception {
    own =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=origin")
            .addSanDnsName("origin.localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    authorities = folder.resolve("ca.pem");
    Files.writeString(authorities, own.getCertificatePEM());
  }

  private Bench bench() {
    return new Bench(
        OriginRules.ONE_PROCESS, Limits.DEFAULT, NameService.system(), Optional.of(authorities));
  }

  /** An origin that takes whoever shows a certificate. */
  private ServerSocket server() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.toKeyManagerFactory().getKeyManagers(), new TrustManager[] {asking}, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    server.setNeedClientAuth(true);
    return server;
  }

  private static Certificate certificate(String arn, String name) {
    X509Bundle client = ROOT.below("Between").client(name);
    return new Certificate(arn, client.getCertificatePathPEM(), client.getPrivateKeyPEM());
  }

  private static OriginRequest request(int port, Optional<Certificate> shown) {
    Origin origin = Bench.custom("origin.localhost", port, 1, Bench.LONG);
    Route route = Bench.route(origin, Optional.empty());
    return new OriginRequest(
        shown.map(route::showing).orElse(route),
        Method.GET,
        "/",
        Fields.empty(),
        "",
        Flow.empty(),
        0,
        true);
  }

  @Test
  void who_has_a_certificate_shows_it_and_who_has_none_is_refused() throws Exception {
    try (var origin = new ScriptedOrigin(server(), talk -> talk.serve("safe"));
        var bench = bench()) {
      Certificate certificate = certificate("arn:1", "edge");

      var refused = bench.failed(request(origin.port(), Optional.empty()));
      for (int i = 0; i < 2; i++) {
        var answer = bench.answered(request(origin.port(), Optional.of(certificate)));
        assertThat(Reading.all(answer.body()).text()).isEqualTo("safe");
      }

      assertThat(refused.status()).isEqualTo(502);
      assertThat(asking.shown).containsExactly("CN=edge", "CN=Between");
      assertThat(origin.connections()).as("one that is refused, one that is kept").isEqualTo(2);
    }
  }

  @Test
  void another_certificate_is_never_shown_over_a_connection_that_stands() throws Exception {
    try (var origin = new ScriptedOrigin(server(), talk -> talk.serve("safe"));
        var bench = bench()) {
      for (Certificate one :
          List.of(
              certificate("arn:1", "first"),
              certificate("arn:1", "renewed"),
              certificate("arn:2", "other"))) {
        var answer = bench.answered(request(origin.port(), Optional.of(one)));
        assertThat(Reading.all(answer.body()).text()).isEqualTo("safe");
      }

      assertThat(asking.shown)
          .containsExactly(
              "CN=first", "CN=Between", "CN=renewed", "CN=Between", "CN=other", "CN=Between");
    }
  }

  /** Takes any certificate, and remembers whose it is. */
  private static final class Asking implements X509TrustManager {
    final List<String> shown = new CopyOnWriteArrayList<>();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      for (X509Certificate one : chain) {
        shown.add(one.getSubjectX500Principal().getName());
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {ROOT.certificate()};
    }
  }
}
