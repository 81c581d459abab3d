package warmfront.edge;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.cert.X509Certificate;
import java.util.List;
import warmfront.distribution.Server;
import warmfront.edge.step.FleetIdentity;

/** A fleet's authority for tests. */
final class FleetAuthority {
  private final X509Bundle root;

  FleetAuthority() {
    try {
      root =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=Fleet")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Returns who a server is. */
  FleetIdentity server(String id) {
    return named(Server.certificateName(id));
  }

  /** Returns someone with a certificate for a name. */
  FleetIdentity named(String name) {
    try {
      X509Bundle leaf =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + name)
              .addSanDnsName(name)
              .buildIssuedBy(root);
      return new FleetIdentity(
          leaf.getKeyPair().getPrivate(),
          List.<X509Certificate>of(leaf.getCertificatePath()),
          List.of(root.getCertificate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
