package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.ClientAuthority.context;
import static warmfront.edge.ClientAuthority.showing;
import static warmfront.edge.ClientAuthority.store;
import static warmfront.edge.Pictures.asking;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.Resource;
import warmfront.distribution.Trial;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.Visitor.Answer;
import warmfront.snapshot.Subscriber.Verdict;

/** A distribution that asks viewers who they are, beside one that does not. */
final class ViewerMtlsTest {
  private static final String CLOSED = "closed.example.com";
  private static final String OPEN = "open.example.com";
  private static final ClientAuthority ROOT = ClientAuthority.named("Root");
  private static final ClientAuthority OTHER = ClientAuthority.named("Other");
  private static final X509Bundle KNOWN = ROOT.below("Between").client("known,O=Caf\u00e9");
  private static final X509Bundle SECOND = ROOT.client("second");
  private static final X509Bundle UNKNOWN = OTHER.client("unknown");

  private final LiveEdge live;
  private final TrustManager trust;

  ViewerMtlsTest(@TempDir Path folder) throws Exception {
    live = LiveEdge.secure(folder);
    X509Bundle zone =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=zone")
            .addSanDnsName(CLOSED)
            .addSanDnsName(OPEN)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    trust = zone.toTrustManager();
    put(new ZoneCertificate("example.com", zone.getCertificatePEM(), zone.getPrivateKeyPEM()));
    put(policy("P"));
    put(policy("K", NameSet.only("CloudFront-Viewer-Cert-Subject"), NameSet.NONE, NameSet.NONE));
    put(
        asking(
            HeaderMode.WHITELIST,
            "CloudFront-Viewer-Cert-Serial-Number",
            "CloudFront-Viewer-Cert-Issuer",
            "CloudFront-Viewer-Cert-Subject",
            "CloudFront-Viewer-Cert-Present",
            "CloudFront-Viewer-Cert-Sha256",
            "CloudFront-Viewer-Cert-Validity",
            "CloudFront-Viewer-Cert-Pem",
            "Client-Cert",
            "Client-Cert-Chain"));
    put(store("ts_1", ROOT));
  }

  @BeforeEach
  void begin() {
    live.origin.says("/", 200, "content");
    put(distribution("EB", List.of(OPEN), origin("origin.test", live.origin.port()), told("P")));
  }

  @AfterEach
  void close() {
    live.close();
  }

  private void put(Resource resource) {
    assertThat(live.change(resource)).isEqualTo(new Verdict.Applied());
  }

  /** A behavior whose origin is told all there is to tell. */
  private static Behavior told(String policy) {
    return Pictures.behavior("*", policy)
        .withOptions(
            new Behavior.Options(
                Optional.of("A"),
                Optional.empty(),
                Optional.empty(),
                Behavior.Signers.NONE,
                Set.of()));
  }

  private void closed(Mode mode, Behavior behavior) {
    Optional<String> store = mode == Mode.PASSTHROUGH ? Optional.empty() : Optional.of("ts_1");
    put(
        distribution("EA", List.of(CLOSED), origin("origin.test", live.origin.port()), behavior)
            .withEntrance(
                new Entrance(
                    true,
                    Optional.empty(),
                    Geography.ANYWHERE,
                    Trial.NONE,
                    Optional.of(new ViewerMtls(mode, store, false, false)))));
  }

  private SSLContext as(X509Bundle client) throws Exception {
    return showing(client, trust);
  }

  private SSLContext nobody() throws Exception {
    return context(new KeyManager[0], trust);
  }

  private SSLSocket connect(SSLContext viewer, String name) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            viewer
                .getSocketFactory()
                .createSocket(live.address().getAddress(), live.address().getPort());
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    return socket;
  }

  private Answer get(SSLContext viewer, String name, String host, String target, String... fields)
      throws IOException {
    try (SSLSocket socket = connect(viewer, name)) {
      new Visitor(live.address(), host).send(socket, "GET", target, "", fields);
      return Visitor.read(socket, "GET");
    }
  }

  /** Asks over a connection that stays. */
  private static Answer again(SSLSocket socket, String target) throws IOException {
    String head = "GET " + target + " HTTP/1.1\r\nHost: " + CLOSED + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    return Visitor.read(socket, "GET");
  }

  private String lastAsked() {
    return live.origin.asked.getLast().toLowerCase(Locale.ROOT);
  }

  @Test
  void a_connection_of_another_name_does_not_serve_it() throws Exception {
    closed(Mode.REQUIRED, told("P"));

    assertThat(get(as(KNOWN), CLOSED, CLOSED, "/a").status()).isEqualTo(200);
    assertThat(get(nobody(), OPEN, OPEN, "/a").status()).isEqualTo(200);
    assertThat(get(nobody(), OPEN, CLOSED, "/a").status()).as("though it is stored").isEqualTo(421);
    assertThat(get(as(KNOWN), OPEN, CLOSED, "/a").status()).isEqualTo(421);
    assertThat(get(as(KNOWN), OPEN, "ea.warmfront.localhost", "/a").status()).isEqualTo(421);
    assertThat(get(as(KNOWN), CLOSED, OPEN, "/b").status())
        .as("the other way round")
        .isEqualTo(200);
    assertThat(lastAsked()).doesNotContain("viewer-cert");
    assertThat(live.origin.asked).hasSize(3);
  }

  @Test
  void one_that_is_optional_protects_from_no_name_either() throws Exception {
    closed(Mode.OPTIONAL, told("P"));

    assertThat(get(nobody(), CLOSED, CLOSED, "/a").status()).isEqualTo(200);
    assertThat(get(nobody(), OPEN, CLOSED, "/a").status()).isEqualTo(421);
  }

  @Test
  void the_origin_is_told_what_the_viewer_showed_and_nothing_that_it_says() throws Exception {
    closed(Mode.REQUIRED, told("P"));
    get(
        as(KNOWN),
        CLOSED,
        CLOSED,
        "/a",
        "CloudFront-Viewer-Cert-Subject",
        "CN=forged",
        "CloudFront-Viewer-Cert-Pem",
        "forged",
        "Client-Cert",
        ":forged:",
        "client-cert-chain",
        ":forged:");

    String serial = KNOWN.getCertificate().getSerialNumber().toString(16);
    assertThat(lastAsked())
        .contains("cloudfront-viewer-cert-subject=[cn=known,o=caf%c3%a9]")
        .contains("cloudfront-viewer-cert-issuer=[cn=between]")
        .contains("cloudfront-viewer-cert-present=[1]")
        .contains(
            "cloudfront-viewer-cert-validity=[notbefore=2026-01-01t00:00:00z;"
                + "notafter=2027-01-01t00:00:00z]")
        .contains("cloudfront-viewer-cert-pem=[-----begin%20certificate-----%0amii")
        .containsPattern("cloudfront-viewer-cert-sha256=\\[[0-9a-f]{64}\\]")
        .doesNotContain("forged")
        .doesNotContain("client-cert");
    String told = lastAsked().replaceFirst(".*serial-number=\\[([0-9a-f:]*)\\].*", "$1");
    assertThat(told.replace(":", "")).endsWith(serial);
    assertThat(told).matches("[0-9a-f]{2}(:[0-9a-f]{2})*");
  }

  @Test
  void who_shows_none_is_told_of_too() throws Exception {
    closed(Mode.OPTIONAL, told("P"));
    get(nobody(), CLOSED, CLOSED, "/a", "CloudFront-Viewer-Cert-Present", "1");

    assertThat(lastAsked())
        .contains("cloudfront-viewer-cert-present=[0]")
        .doesNotContain("viewer-cert-subject");
  }

  @Test
  void what_is_in_the_key_keeps_viewers_apart() throws Exception {
    closed(Mode.REQUIRED, told("K"));
    for (int i = 0; i < 2; i++) {
      get(as(KNOWN), CLOSED, CLOSED, "/a");
      get(as(SECOND), CLOSED, CLOSED, "/a");
    }

    assertThat(live.origin.asked).hasSize(2);
  }

  @Test
  void where_the_origin_judges_it_gets_the_whole_chain_and_nothing_is_stored() throws Exception {
    closed(Mode.PASSTHROUGH, told("P"));
    get(as(KNOWN), CLOSED, CLOSED, "/a", "Client-Cert", ":forged:");

    byte[] leaf = KNOWN.getCertificate().getEncoded();
    byte[] between = KNOWN.getCertificatePath()[1].getEncoded();
    assertThat(live.origin.asked.getLast())
        .contains("Client-cert=[:" + Base64.getEncoder().encodeToString(leaf) + ":]")
        .contains("Client-cert-chain=[:" + Base64.getEncoder().encodeToString(between) + ":]")
        .contains("Cloudfront-viewer-cert-present=[1]")
        .doesNotContain("cert-pem");

    get(as(UNKNOWN), CLOSED, CLOSED, "/a");
    get(nobody(), CLOSED, CLOSED, "/a", "Client-Cert", ":forged:");
    assertThat(live.origin.asked).as("nothing is stored").hasSize(3);
    assertThat(lastAsked()).doesNotContain("client-cert=").doesNotContain("forged");
  }

  @Test
  void a_connection_that_stands_is_judged_by_what_is_asked_now() throws Exception {
    closed(Mode.REQUIRED, told("P"));
    try (SSLSocket known = connect(as(KNOWN), CLOSED);
        SSLSocket open = connect(nobody(), OPEN)) {
      assertThat(again(known, "/a").status()).isEqualTo(200);
      open.startHandshake();

      put(store("ts_1", OTHER, ROOT));
      assertThat(again(known, "/a").status()).as("another authority more").isEqualTo(200);

      put(store("ts_1", OTHER));
      assertThat(again(known, "/a").status()).as("its own is gone").isEqualTo(421);
    }
    assertThat(get(as(UNKNOWN), CLOSED, CLOSED, "/a").status()).isEqualTo(200);
  }

  @Test
  void a_connection_from_before_it_was_asked_for_does_not_serve_it() throws Exception {
    put(distribution("EA", List.of(CLOSED), origin("origin.test", live.origin.port()), told("P")));
    try (SSLSocket before = connect(as(KNOWN), CLOSED)) {
      assertThat(again(before, "/a").status()).isEqualTo(200);

      closed(Mode.OPTIONAL, told("P"));

      assertThat(again(before, "/a").status()).isEqualTo(421);
    }
  }

  @Test
  void http_3_is_not_told_of() throws Exception {
    closed(Mode.OPTIONAL, told("P"));

    assertThat(get(nobody(), CLOSED, CLOSED, "/a").fields().has("Alt-Svc")).isFalse();
  }

  @Test
  void a_trust_store_that_is_not_there_or_is_none_is_not_obeyed() {
    closed(Mode.REQUIRED, told("P"));

    assertThat(live.change(new TrustStore("ts_1", "none"))).isInstanceOf(Verdict.Rejected.class);
    assertThat(
            live.change(
                distribution("EC", List.of(), told("P"))
                    .withEntrance(
                        new Entrance(
                            false,
                            Optional.empty(),
                            Geography.ANYWHERE,
                            Trial.NONE,
                            Optional.of(
                                new ViewerMtls(
                                    Mode.REQUIRED, Optional.of("ts_2"), false, false))))))
        .isInstanceOf(Verdict.Rejected.class);
  }
}
