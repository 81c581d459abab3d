package warmfront.edge.viewer;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import warmfront.distribution.Certificate;
import warmfront.distribution.ZoneCertificate;

/** A certificate authority for tests, and viewers who trust it. */
final class TestAuthority {
  private final X509Bundle root;

  TestAuthority() throws Exception {
    root =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Test Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
  }

  /**
   * Returns a certificate to be shown for a name or wildcard, which is its common name; it is valid
   * for the name of this machine, because the library's builder knows no wildcards.
   *
   * @param others names that it is valid for as well
   */
  ZoneCertificate certificate(String name, String... others) throws Exception {
    CertificateBuilder builder =
        new CertificateBuilder().ecp256().subject("CN=" + name).addSanDnsName("localhost");
    for (String other : others) {
      builder.addSanDnsName(other);
    }
    X509Bundle leaf = builder.buildIssuedBy(root);
    return new ZoneCertificate(name, leaf.getCertificatePathPEM(), leaf.getPrivateKeyPEM());
  }

  /** Returns a certificate of a distribution whose key is RSA of 2048 bits. */
  Certificate rsaCertificate(String common, String name) throws Exception {
    X509Bundle leaf =
        new CertificateBuilder()
            .rsa2048()
            .subject("CN=" + common)
            .addSanDnsName(name)
            .buildIssuedBy(root);
    return new Certificate("arn:" + common, leaf.getCertificatePathPEM(), leaf.getPrivateKeyPEM());
  }

  /** Returns its own certificate, for viewers who trust it. */
  X509Certificate root() {
    return root.getCertificate();
  }

  /** Returns the viewers' side. */
  SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {root.toTrustManager()}, new SecureRandom());
    return context;
  }

  /** Returns what trusts it. */
  TrustManager trust() {
    return root.toTrustManager();
  }
}
