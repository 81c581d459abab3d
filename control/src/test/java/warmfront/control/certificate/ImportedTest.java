package warmfront.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.control.api.Issuer;
import warmfront.control.api.Issuer.Issued;

final class ImportedTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private final Issuer root = new Issuer("root", NOW);
  private final Issuer below = root.below("below");
  private final Issuer lowest = below.below("lowest");

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, RSA_2048",
    "RSA, 3072, RSA_3072",
    "EC, 256, EC_prime256v1",
    "EC, 384, EC_secp384r1"
  })
  void keys_that_edges_serve_are_taken(String algorithm, int bits, String name) throws Exception {
    Issued leaf = root.issue(algorithm, bits, Duration.ofDays(30), "www.example.com");

    Imported imported = of(leaf.pem(), leaf.keyPem(), root.pem());
    Imported traditional = of(leaf.pem(), traditional(leaf.key()), "");

    assertThat(imported.certificate().keyAlgorithm()).contains(name);
    assertThat(imported.chainPem()).isEqualTo(leaf.pem() + root.pem());
    assertThat(imported.keyPem()).isEqualTo(leaf.keyPem());
    assertThat(traditional.key().getAlgorithm()).isEqualTo(algorithm);
    assertThat(imported.toString()).doesNotContain("PRIVATE");
  }

  /** Returns PKCS #1 or SEC 1, as openssl writes them. */
  private static String traditional(PrivateKey key) throws Exception {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    PemObject object =
        key instanceof java.security.interfaces.ECPrivateKey ec
            ? new PemObject(
                "EC PRIVATE KEY",
                new ECPrivateKey(
                        ec.getParams().getOrder().bitLength(),
                        ec.getS(),
                        info.getPrivateKeyAlgorithm().getParameters())
                    .getEncoded())
            : new PemObject(
                "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
    StringWriter text = new StringWriter();
    try (PemWriter out = new PemWriter(text)) {
      out.writeObject(object);
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024", "EC, 521", "Ed25519, 255"})
  void others_are_not(String algorithm, int bits) {
    Issued leaf = root.issue(algorithm, bits, Duration.ofDays(30), "www.example.com");

    refused("RSA of 2048", leaf.pem(), leaf.keyPem(), "");
  }

  @Test
  void issuers_come_in_order() {
    Issued leaf = lowest.issue("www.example.com");

    assertThat(of(leaf.pem(), leaf.keyPem(), lowest.pem() + below.pem()).certificate().chain())
        .hasSize(3);
    assertThat(of(leaf.pem(), leaf.keyPem(), lowest.pem() + below.pem() + root.pem())).isNotNull();
    refused("did not sign", leaf.pem(), leaf.keyPem(), below.pem() + lowest.pem());
    refused("did not sign", leaf.pem(), leaf.keyPem(), lowest.pem() + root.pem());
    refused("belong into the", leaf.pem() + lowest.pem(), leaf.keyPem(), "");
    Issued other = root.issue("other");
    refused("did not sign", leaf.pem(), leaf.keyPem(), other.pem());
  }

  @Test
  void it_must_be_valid_now_and_so_must_its_issuers() {
    Issued late = root.issue("EC", 256, Duration.ofHours(-1), "www.example.com");
    Issued early = new Issuer("later", NOW.plus(Duration.ofDays(3))).issue("www.example.com");

    refused("is valid from", late.pem(), late.keyPem(), "");
    refused("is valid from", early.pem(), early.keyPem(), "");
  }

  @Test
  void key_and_certificate_belong_together() {
    Issued one = root.issue("one.example.com");
    Issued another = root.issue("two.example.com");
    Issued rsa = root.issue("RSA", 2048, Duration.ofDays(1), "two.example.com");

    refused("not the certificate's", one.pem(), another.keyPem(), "");
    refused("not the certificate's", one.pem(), rsa.keyPem(), "");
    refused("no private key", one.pem(), one.pem(), "");
    refused("no private key", one.pem(), "", "");
    refused("cannot be read", one.pem(), one.keyPem().replace("M", "N"), "");
  }

  @Test
  void a_client_needs_no_name() {
    Issued client = root.issueFor(KeyPurposeId.id_kp_clientAuth);
    Issued server = root.issueFor(KeyPurposeId.id_kp_serverAuth);
    Issued any = root.issue();

    assertThat(AliasCertificate.ofPem(client.pem()).isForClients()).isTrue();
    assertThat(AliasCertificate.ofPem(any.pem()).isForClients()).isTrue();
    assertThat(AliasCertificate.ofPem(server.pem()).isForClients()).isFalse();
    AliasCertificate read = of(client.pem(), client.keyPem(), "").certificate();
    assertThat(read.names()).isEmpty();
    assertThat(read.domainName()).isEqualTo("one");
  }

  @Test
  void texts_that_are_no_certificates_are_refused() {
    Issued leaf = root.issue("www.example.com");

    refused("no certificate", "", leaf.keyPem(), "");
    refused("PEM text", "no pem", leaf.keyPem(), "");
    refused("characters", leaf.pem() + " ".repeat(32_768), leaf.keyPem(), "");
    refused("characters", leaf.pem(), leaf.keyPem() + " ".repeat(5_120), "");
    refused("characters", leaf.pem(), leaf.keyPem(), " ".repeat(131_073));
  }

  @Test
  void a_wildcard_covers_one_label() {
    AliasCertificate certificate =
        of(root.issue("*.Example.com", "example.com", "www.example.net"));

    assertThat(certificate.names())
        .containsExactly("*.example.com", "example.com", "www.example.net");
    assertThat(certificate.domainName()).isEqualTo("*.Example.com");
    for (String alias : new String[] {"a.example.com", "example.com", "*.example.com"}) {
      assertThat(certificate.covers(alias)).as(alias).isTrue();
    }
    for (String alias :
        new String[] {"a.b.example.com", "*.example.net", "com", "*.a.example.com"}) {
      assertThat(certificate.covers(alias)).as(alias).isFalse();
    }
  }

  private static AliasCertificate of(Issued leaf) {
    return of(leaf.pem(), leaf.keyPem(), "").certificate();
  }

  private static Imported of(String certificate, String key, String issuers) {
    return Imported.of(new Imported.Brought(certificate, key, issuers), NOW);
  }

  private static void refused(String why, String certificate, String key, String issuers) {
    assertThatThrownBy(() -> of(certificate, key, issuers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
