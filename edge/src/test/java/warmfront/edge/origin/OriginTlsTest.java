package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Whom an edge believes over TLS. */
final class OriginTlsTest {
  @TempDir static Path folder;
  private static X509Bundle authority;
  private static X509Bundle leaf;

  @BeforeAll
  static void make_certificates() throws Exception {
    authority =
        new CertificateBuilder()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    leaf =
        new CertificateBuilder()
            .subject("CN=origin")
            .addSanDnsName("origin.localhost")
            .buildIssuedBy(authority);
    Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
  }

  @Test
  void an_origin_with_a_trusted_certificate_of_its_name_is_asked_again_and_again()
      throws Exception {
    // given
    try (var origin = new ScriptedOrigin(server(), talk -> talk.serve("safe"));
        var bench = bench(Optional.of(folder.resolve("ca.pem")))) {
      for (int i = 0; i < 3; i++) {

        // when
        var answer = bench.answered(secure("origin.localhost", origin.port(), ""));

        // then
        assertThat(Reading.all(answer.body()).text()).isEqualTo("safe");
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_certificate_of_another_name_or_authority_is_refused() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(server(), talk -> talk.serve("safe"));
        var trusting = bench(Optional.of(folder.resolve("ca.pem")));
        var plain = bench(Optional.empty())) {

      // when
      var otherName = trusting.failed(secure("other.localhost", origin.port(), ""));
      var otherAuthority = plain.failed(secure("origin.localhost", origin.port(), ""));

      // then
      assertThat(otherName.reason()).isEqualTo(Reason.ORIGIN_TLS);
      assertThat(otherName.status()).isEqualTo(502);
      assertThat(otherAuthority.reason()).isEqualTo(Reason.ORIGIN_TLS);
    }
  }

  @Test
  void with_the_viewers_host_sent_on_the_certificate_is_for_it_or_for_the_origin()
      throws Exception {
    // given
    try (var origin = new ScriptedOrigin(server(), talk -> talk.serve("safe"));
        var bench = bench(Optional.of(folder.resolve("ca.pem")))) {

      // when
      var byHost = bench.answered(secure("other.localhost", origin.port(), "origin.localhost"));
      var byName = bench.answered(secure("origin.localhost", origin.port(), "www.example"));

      // then
      assertThat(Reading.all(byHost.body()).text()).isEqualTo("safe");
      assertThat(Reading.all(byName.body()).text()).isEqualTo("safe");
    }
  }

  @Test
  void a_body_that_ends_with_the_connection_is_whole_only_if_tls_says_so() throws Exception {
    // given
    SSLContext context = context();
    try (var origin =
            new ScriptedOrigin(plain -> {
              var talk = plain.overTls(context);
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\n\r\nwhole?");
              if (plain.number() == 1) {
                talk.close(); // sends close_notify
              }
            });
        var bench = bench(Optional.of(folder.resolve("ca.pem")))) {

      // when
      var ended = bench.answered(secure("origin.localhost", origin.port(), ""));
      var whole = Reading.all(ended.body());
      var cut = bench.answered(secure("origin.localhost", origin.port(), ""));
      var truncated = Reading.all(cut.body());

      // then
      assertThat(whole.text()).isEqualTo("whole?");
      assertThat(whole.broken()).isNull();
      assertThat(truncated.text()).isEqualTo("whole?");
      assertThat(truncated.broken()).isNotNull();
    }
  }

  @Test
  void an_origin_that_does_not_speak_tls_is_refused() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.say("HTTP/1.1 400 Bad Request\r\n\r\n");
              talk.untilClosed();
            });
        var bench = bench(Optional.empty())) {

      // when
      var failed = bench.failed(secure("origin.localhost", origin.port(), ""));

      // then
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_TLS);
    }
  }

  private static Bench bench(Optional<Path> authorities) {
    return new Bench(OriginRules.ONE_PROCESS, Limits.DEFAULT, NameService.system(), authorities);
  }

  private static OriginRequest secure(String name, int port, String host) {
    Origin origin = Bench.custom(name, port, 1, Bench.LONG);
    return new OriginRequest(
        Bench.route(origin, Optional.empty()),
        Method.GET,
        "/",
        Fields.empty(),
        host,
        Flow.empty(),
        0,
        true);
  }

  private static SSLContext context() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(leaf.toKeyManagerFactory().getKeyManagers(), null, null);
    return context;
  }

  private static ServerSocket server() throws Exception {
    return context()
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
  }
}
