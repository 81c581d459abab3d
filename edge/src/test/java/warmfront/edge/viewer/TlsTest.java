package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.step.Hello;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Tls;

final class TlsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: d1.zone.example\r\n\r\n";

  @AutoClose private final Edge edge = Edge.started();

  @Test
  void a_viewer_sees_the_certificate_of_the_name_it_asks_for() throws Exception {
    edge.certificates.use(
        List.of(
            edge.authority.certificate("*.zone.example"),
            edge.authority.certificate("www.other.example")),
        Map.of());

    assertThat(subject("d1.zone.example")).isEqualTo("CN=*.zone.example");
    assertThat(subject("D1.ZONE.example")).isEqualTo("CN=*.zone.example");
    assertThat(subject("www.other.example")).isEqualTo("CN=www.other.example");
    assertThat(subject("a.b.zone.example")).isEqualTo("CN=*.zone.example"); // the first, for want
  }

  @Test
  void a_certificate_is_shown_for_each_name_in_it() throws Exception {
    edge.certificates.use(
        List.of(
            edge.authority.certificate("first.example", "www.other.example"),
            edge.authority.certificate("www.other.example"),
            edge.authority.certificate("*.zone.example", "Zone.example")),
        Map.of());

    assertThat(subject("zone.example")).isEqualTo("CN=*.zone.example");
    assertThat(subject("www.other.example")).as("its own").isEqualTo("CN=www.other.example");
    assertThat(status("d1.zone.example", "zone.example")).as("covered").isEqualTo(200);
  }

  @Test
  void what_is_not_http_has_the_same_certificate_and_agrees_on_no_protocol() throws Exception {
    assertThat(edge.certificates.engine("d1.zone.example")).isEmpty();
    edge.certificates.use(
        List.of(
            edge.authority.certificate("www.other.example"),
            edge.authority.certificate("*.zone.example")),
        Map.of());
    SSLEngine viewer = edge.authority.trusting().createSSLEngine();
    viewer.setUseClientMode(true);
    SSLParameters parameters = viewer.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    viewer.setSSLParameters(parameters);

    SSLEngine engine = edge.certificates.engine("d1.zone.example").orElseThrow();
    EmbeddedChannel server = new EmbeddedChannel(new SslHandler(engine));
    EmbeddedChannel client = new EmbeddedChannel(new SslHandler(viewer));
    assertThat(passed(client, server)).as("hello").isTrue();
    assertThat(passed(server, client)).as("certificate").isTrue();
    assertThat(passed(client, server)).as("finished").isTrue();

    assertThat(viewer.getApplicationProtocol()).isEmpty();
    X509Certificate shown = (X509Certificate) viewer.getSession().getPeerCertificates()[0];
    assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=*.zone.example");
    server.writeOutbound(Unpooled.wrappedBuffer(new byte[100]));
    int bytes = 0;
    for (ByteBuf said = server.readOutbound(); said != null; said = server.readOutbound()) {
      bytes += said.readableBytes();
      said.release();
    }
    assertThat(bytes).as("one record, and no ticket before it").isBetween(100, 130);
    server.finishAndReleaseAll();
    client.finishAndReleaseAll();
  }

  /** Passes on what one has to say to the other; returns whether that was something. */
  private static boolean passed(EmbeddedChannel from, EmbeddedChannel to) {
    from.runPendingTasks();
    ByteBuf said = from.readOutbound();
    boolean isSomething = said != null;
    while (said != null) {
      to.writeInbound(said);
      said = from.readOutbound();
    }
    return isSomething;
  }

  @Test
  void certificates_are_exchanged_while_it_runs() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("one.example")), Map.of());
    try (SSLSocket old = connect("one.example", "TLSv1.3")) {
      edge.certificates.use(List.of(edge.authority.certificate("two.example")), Map.of());

      assertThat(subject("two.example")).isEqualTo("CN=two.example");
      assertThat(new Wire(old).send(get("one.example")).answer().status()).isEqualTo(200);
    }
    assertThatThrownBy(() ->
            edge.certificates.use(
                List.of(new ZoneCertificate("bad.example", "no", "pem")), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bad.example");
    assertThat(subject("two.example")).isEqualTo("CN=two.example");
  }

  @Test
  void without_a_certificate_the_handshake_is_refused() throws Exception {
    assertThatThrownBy(() -> connect("d1.zone.example", "TLSv1.3"))
        .hasMessageContaining("internal_error");
    assertThat(edge.viewers.counters().handshakesFailed()).isEqualTo(1);
  }

  @Test
  void the_session_is_told_in_the_logs_words() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("d1.zone.example")), Map.of());
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = connect("d1.zone.example", protocol)) {
        new Wire(socket).send(GET).answer();
      }
    }

    Tls old = edge.site.requests.get(0).tls().orElseThrow();
    Tls now = edge.site.requests.get(1).tls().orElseThrow();
    assertThat(old.protocol()).isEqualTo("TLSv1.2");
    assertThat(old.cipher()).startsWith("ECDHE-ECDSA-");
    assertThat(now.protocol()).isEqualTo("TLSv1.3");
    assertThat(now.cipher()).startsWith("TLS_");
    assertThat(now.serverName()).isEqualTo("d1.zone.example");
    assertThat(edge.site.requests.get(1).place().secure()).isTrue();
  }

  @Test
  void how_a_session_began_is_told_by_request() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("d1.zone.example")), Map.of());
    SSLContext context = edge.authority.trusting();
    for (int i = 0; i < 2; i++) {
      try (SSLSocket socket = edge.socket(context)) {
        Wire wire = new Wire(socket);
        wire.send(GET).answer();
        wire.send(GET).answer();
      }
    }

    assertThat(edge.site.requests)
        .extracting(request -> request.tls().orElseThrow().beginning().word())
        .containsExactly("fullHandshake", "connectionReused", "sessionResumed", "connectionReused");
  }

  @Test
  void what_a_viewer_offered_is_known_by_its_fingerprints() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("d1.zone.example")), Map.of());
    for (String protocol : List.of("TLSv1.2", "TLSv1.3", "TLSv1.3")) {
      try (SSLSocket socket = connect("d1.zone.example", protocol)) {
        new Wire(socket).send(GET).answer();
      }
    }

    List<Hello> hellos =
        edge.site.requests.stream()
            .map(request -> request.tls().flatMap(Tls::hello).orElseThrow())
            .toList();
    assertThat(hellos.get(0).ja4()).matches("t12d[0-9]{4}00_[0-9a-f]{12}_[0-9a-f]{12}");
    assertThat(hellos.get(1).ja4()).matches("t13d[0-9]{4}00_[0-9a-f]{12}_[0-9a-f]{12}");
    assertThat(hellos.get(2).ja4()).isEqualTo(hellos.get(1).ja4());
    assertThat(hellos.get(2).ja3()).matches("[0-9a-f]{32}").isEqualTo(hellos.get(1).ja3());
    assertThat(hellos.get(0).ja3()).isNotEqualTo(hellos.get(1).ja3());
  }

  @Test
  void a_hello_that_is_cut_anywhere_or_spoilt_has_no_fingerprint_or_another() {
    byte[] whole = hello();
    assertThat(HelloReader.read(Unpooled.wrappedBuffer(whole)).orElseThrow().ja4())
        .startsWith("t13d0204h2_");
    Random random = new Random(7);
    for (int length = 0; length < whole.length; length++) {
      byte[] spoilt = Arrays.copyOf(whole, length);
      for (int flips = random.nextInt(4); flips > 0 && length > 0; flips--) {
        spoilt[random.nextInt(length)] = (byte) random.nextInt();
      }
      HelloReader.read(Unpooled.wrappedBuffer(spoilt))
          .ifPresent(hello -> assertThat(hello.ja4()).hasSize(36));
    }
  }

  /** A hello with two ciphers, and a name, groups, a protocol and versions. */
  private static byte[] hello() {
    String text =
        "0303"
            + "00".repeat(32)
            + "00"
            + "0004"
            + "1301"
            + "1302"
            + "0100"
            + "001e"
            + "0000"
            + "0000"
            + "000a"
            + "0006"
            + "0004001d0017"
            + "0010"
            + "0005"
            + "0003026832"
            + "002b"
            + "0003"
            + "020304";
    return HexFormat.of().parseHex(text);
  }

  @Test
  void bodies_of_all_sizes_pass_through_tls() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("d1.zone.example")), Map.of());
    String host = " HTTP/1.1\r\nHost: d1.zone.example\r\n";
    try (SSLSocket socket = connect("d1.zone.example", "TLSv1.3")) {
      Wire wire = new Wire(socket);
      assertThat(wire.send(GET + GET).answer().status()).isEqualTo(200);
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(wire.send("GET /large" + host + "\r\n").answer().text()).hasSize(1 << 20);
      assertThat(wire.send("GET /open?3000000" + host + "\r\n").answer().text()).hasSize(3_000_000);
      String body = "x".repeat(1 << 20);
      wire.send("POST /echo" + host + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      assertThat(wire.answer().text()).isEqualTo(body);
      assertThat(wire.send("BAD\r\n\r\n").answer().status()).isEqualTo(400);
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void a_host_that_is_neither_named_nor_covered_is_misdirected() throws Exception {
    edge.certificates.use(
        List.of(
            edge.authority.certificate("*.zone.example"),
            edge.authority.certificate("www.other.example")),
        Map.of());

    assertThat(status("d1.zone.example", "d1.zone.example:8443")).isEqualTo(200);
    assertThat(status("d1.zone.example", "D2.zone.example")).isEqualTo(200); // covered
    assertThat(status("d1.zone.example", "a.d1.zone.example")).isEqualTo(421);
    assertThat(status("d1.zone.example", "zone.example")).isEqualTo(421);
    assertThat(status("d1.zone.example", "www.other.example")).isEqualTo(421);
    assertThat(status("www.other.example", "d1.zone.example")).isEqualTo(421);
    assertThat(status("alias.example", "alias.example")).isEqualTo(200); // as it named itself
    assertThat(status("alias.example", "www.other.example")).isEqualTo(421);
    assertThat(edge.site.requests).hasSize(3);
    Edge.await(() -> edge.site.refused.size() == 5);
    assertThat(edge.site.refused)
        .allMatch(refused -> refused.status() == 421 && refused.reason() == Reason.MISDIRECTED);
    try (SSLSocket unnamed = edge.socket()) {
      assertThat(new Wire(unnamed).send(get("any.example")).answer().status()).isEqualTo(200);
    }
  }

  private int status(String serverName, String host) throws Exception {
    try (SSLSocket socket = connect(serverName, "TLSv1.3")) {
      return new Wire(socket).send(get(host)).answer().status();
    }
  }

  private static String get(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  @Test
  void what_is_not_tls_is_closed() throws Exception {
    edge.certificates.use(List.of(edge.authority.certificate("d1.zone.example")), Map.of());
    try (Wire wire = new Wire(edge.secure)) {
      wire.send(GET + GET);
      while (wire.read() >= 0) {} // perhaps an alert
    }
    Edge.await(() -> edge.viewers.counters().open() == 0);
  }

  private String subject(String name) throws Exception {
    try (SSLSocket socket = connect(name, "TLSv1.3")) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  private SSLSocket connect(String name, String protocol) throws Exception {
    SSLSocket socket = edge.socket();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }
}
