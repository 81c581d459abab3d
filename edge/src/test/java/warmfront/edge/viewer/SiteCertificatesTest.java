package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.distribution.Certificate;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.step.Reason;

/** Certificates of distributions: which is shown to whom, and what can be agreed on with it. */
final class SiteCertificatesTest {
  private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
  private static final List<String> GCM = List.of("AES_128_GCM_SHA256", "AES_256_GCM_SHA384");
  private static final String CHACHA = "CHACHA20_POLY1305_SHA256";
  private static final List<String> CBC = List.of("AES_128_CBC_SHA", "AES_256_CBC_SHA");

  @AutoClose private final Edge edge = Edge.started();

  @Test
  void an_alias_has_the_certificate_of_its_distribution() throws Exception {
    use(
        site("www", "www.example.com"),
        site("star", "*.example.com"),
        site("eu", "*.eu.example.com", "example.com"));

    assertThat(subject("www.example.com")).isEqualTo("CN=www");
    assertThat(subject("a.example.com")).isEqualTo("CN=star");
    assertThat(subject("a.b.example.com")).as("at any depth").isEqualTo("CN=star");
    assertThat(subject("a.eu.example.com")).isEqualTo("CN=eu");
    assertThat(subject("example.com")).isEqualTo("CN=eu");
    assertThat(subject("d1.zone.example")).isEqualTo("CN=*.zone.example");
    assertThat(subject("unknown.example")).isEqualTo("CN=*.zone.example");
  }

  @Test
  void a_tenants_own_certificate_is_shown_for_those_domains_that_it_is_for() throws Exception {
    List<String> domains = List.of("a.example.com", "b.example.com", "d.zone.example");
    use(
        new SiteCertificate(
            certificate("shared", "a.example.com", "b.example.com"),
            TlsPolicy.TLS_1_2_2021,
            domains,
            true),
        new SiteCertificate(
            certificate("own", "b.example.com"), TlsPolicy.TLS_1_2_2021, domains, true));

    assertThat(subject("a.example.com")).isEqualTo("CN=shared");
    assertThat(subject("b.example.com")).isEqualTo("CN=own");
    assertThat(subject("d.zone.example")).as("the zone's").isEqualTo("CN=*.zone.example");
  }

  @Test
  void a_wildcard_alias_does_not_take_the_zone_s_own_names() throws Exception {
    use(site("all", "*.example"));

    assertThat(subject("d1.zone.example")).isEqualTo("CN=*.zone.example");
    assertThat(subject("a.d1.zone.example")).isEqualTo("CN=all");
  }

  @Test
  void a_certificate_is_replaced_and_connections_go_on() throws Exception {
    use(site("old", "www.example.com"));
    try (SSLSocket before = connect("www.example.com")) {
      Wire wire = new Wire(before);
      assertThat(wire.send(get("www.example.com")).answer().status()).isEqualTo(200);

      use(site("new", "www.example.com"));

      assertThat(subject("www.example.com")).isEqualTo("CN=new");
      assertThat(wire.send(get("www.example.com")).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void what_did_not_change_stays_as_it_is() throws Exception {
    SiteCertificate same = site("www", "www.example.com");
    use(same);
    SslContext before = edge.certificates.context("www.example.com", true);

    use(same, site("other", "other.example.com"));

    assertThat(edge.certificates.context("www.example.com", true)).isSameAs(before);
  }

  @Test
  void a_host_is_served_by_its_own_name_or_where_the_shown_certificate_is_for_it()
      throws Exception {
    use(
        site("www", "www.example.com"),
        new SiteCertificate(
            certificate("shared", "one.example.net", "two.example.net"),
            TlsPolicy.TLS_1_2_2021,
            List.of("one.example.net", "two.example.net")));

    assertThat(status("www.example.com", "www.example.com")).isEqualTo(200);
    assertThat(status("one.example.net", "two.example.net")).as("covered").isEqualTo(200);
    assertThat(status("www.example.com", "one.example.net")).isEqualTo(421);
    assertThat(status("one.example.net", "www.example.com")).isEqualTo(421);
    assertThat(status("d1.zone.example", "www.example.com")).isEqualTo(421);
    assertThat(status("www.example.com", "d1.zone.example")).isEqualTo(421);
    try (SSLSocket unnamed = edge.socket()) {
      assertThat(new Wire(unnamed).send(get("www.example.com")).answer().status())
          .as("no name with the zone's certificate")
          .isEqualTo(200);
    }
    Edge.await(() -> edge.site.refused.size() == 4);
    assertThat(edge.site.refused).allMatch(refused -> refused.reason() == Reason.MISDIRECTED);
  }

  @ParameterizedTest
  @EnumSource
  void a_policy_lets_agree_on_its_protocols_and_ciphers(TlsPolicy policy) throws Exception {
    Map<String, Set<String>> expected = new TreeMap<>();
    Set<String> older = new TreeSet<>(GCM);
    switch (policy) {
      case TLS_1, TLS_1_2016, TLS_1_1_2016 -> {
        older.add(CHACHA);
        older.addAll(CBC);
        GCM.forEach(suite -> older.add("RSA_" + suite));
        CBC.forEach(suite -> older.add("RSA_" + suite));
        expected.put("TLSv1.1", withRsa(CBC));
        if (policy != TlsPolicy.TLS_1_1_2016) {
          expected.put("TLSv1", withRsa(CBC));
        }
      }
      case TLS_1_2_2018 -> {
        older.add(CHACHA);
        GCM.forEach(suite -> older.add("RSA_" + suite));
      }
      case TLS_1_2_2019, TLS_1_2_2021 -> older.add(CHACHA);
      case TLS_1_2_2025, TLS_1_3_2025 -> {}
    }
    if (policy != TlsPolicy.TLS_1_3_2025) {
      expected.put("TLSv1.2", older);
    }
    Set<String> newest = new TreeSet<>(GCM);
    newest.add(CHACHA);
    expected.put("TLSv1.3", newest);

    assertThat(agreed(policy)).isEqualTo(expected);
  }

  private static Set<String> withRsa(List<String> suites) {
    Set<String> all = new TreeSet<>(suites);
    suites.forEach(suite -> all.add("RSA_" + suite));
    return all;
  }

  /** Returns the suites that a viewer can have one after the other, by protocol. */
  private Map<String, Set<String>> agreed(TlsPolicy policy) throws Exception {
    Certificate certificate = edge.authority.rsaCertificate("rsa", "www.example.com");
    use(new SiteCertificate(certificate, policy, List.of("www.example.com")));
    Map<String, Set<String>> agreed = new TreeMap<>();
    for (String protocol : PROTOCOLS) {
      List<String> left =
          new ArrayList<>(
              protocol.equals("TLSv1.3")
                  ? List.of("TLS_AES_128_GCM_SHA256")
                  : List.of(
                      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                      "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                      "TLS_RSA_WITH_AES_128_GCM_SHA256",
                      "TLS_RSA_WITH_AES_256_GCM_SHA384",
                      "TLS_RSA_WITH_AES_128_CBC_SHA",
                      "TLS_RSA_WITH_AES_256_CBC_SHA"));
      for (String suite : left) {
        if (shakes(protocol, suite)) {
          agreed.computeIfAbsent(protocol, _ -> new TreeSet<>()).add(shortened(suite));
        }
      }
    }
    if (agreed.containsKey("TLSv1.3")) { // nobody can choose among these
      Set<String> all = new TreeSet<>(GCM);
      all.add(CHACHA);
      agreed.put("TLSv1.3", all);
    }
    return agreed;
  }

  private static String shortened(String suite) {
    return suite.startsWith("TLS_RSA_WITH_")
        ? "RSA_" + suite.substring("TLS_RSA_WITH_".length())
        : suite.replaceFirst("TLS_(ECDHE_RSA_WITH_)?", "");
  }

  @Test
  void keys_are_exchanged_in_cloudfront_s_groups() throws Exception {
    use(site("www", "www.example.com"));

    for (String group : List.of("X25519MLKEM768", "x25519", "secp256r1", "secp384r1")) {
      assertThat(shakes("TLSv1.3", "TLS_AES_128_GCM_SHA256", group)).as(group).isTrue();
    }
    assertThat(shakes("TLSv1.3", "TLS_AES_128_GCM_SHA256", "secp521r1")).isFalse();
  }

  private boolean shakes(String protocol, String suite) throws Exception {
    return shakes(protocol, suite, "x25519");
  }

  private boolean shakes(String protocol, String suite, String group) throws Exception {
    SslContext viewer =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .endpointIdentificationAlgorithm(null)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .protocols(protocol)
            .ciphers(List.of(suite), SupportedCipherSuiteFilter.INSTANCE)
            .option(OpenSslContextOption.GROUPS, new String[] {group})
            .build();
    SslContext shown = edge.certificates.context("www.example.com", true);
    if (shown == null) {
      throw new AssertionError("no certificate");
    }
    SSLEngine asking = viewer.newEngine(ByteBufAllocator.DEFAULT);
    EmbeddedChannel client = new EmbeddedChannel(new SslHandler(asking));
    EmbeddedChannel server =
        new EmbeddedChannel(new SslHandler(shown.newEngine(ByteBufAllocator.DEFAULT)));
    try {
      for (int i = 0; i < 4; i++) {
        pass(client, server);
        pass(server, client);
      }
      return asking.getSession().getProtocol().equals(protocol)
          && asking.getSession().getCipherSuite().equals(suite);
    } catch (DecoderException refused) {
      return false;
    } finally {
      client.finishAndReleaseAll();
      server.finishAndReleaseAll();
    }
  }

  private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
    from.runPendingTasks();
    for (ByteBuf said = from.readOutbound(); said != null; said = from.readOutbound()) {
      to.writeInbound(said);
    }
  }

  private void use(SiteCertificate... sites) throws Exception {
    edge.certificates.use(
        List.of(edge.authority.certificate("*.zone.example")), Map.of("all", List.of(sites)));
  }

  private SiteCertificate site(String common, String... aliases) throws Exception {
    return new SiteCertificate(
        certificate(
            common,
            List.of(aliases).stream().filter(a -> !a.startsWith("*")).toArray(String[]::new)),
        TlsPolicy.TLS_1_2_2021,
        List.of(aliases));
  }

  private Certificate certificate(String common, String... names) throws Exception {
    ZoneCertificate made = edge.authority.certificate(common, names);
    return new Certificate("arn:" + common, made.chainPem(), made.keyPem());
  }

  private int status(String serverName, String host) throws Exception {
    try (SSLSocket socket = connect(serverName)) {
      return new Wire(socket).send(get(host)).answer().status();
    }
  }

  private static String get(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  private String subject(String name) throws Exception {
    try (SSLSocket socket = connect(name)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  private SSLSocket connect(String name) throws Exception {
    SSLSocket socket = edge.socket();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
