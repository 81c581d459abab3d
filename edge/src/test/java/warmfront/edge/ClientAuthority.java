package warmfront.edge;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import warmfront.distribution.TrustStore;

/** An authority whose certificates viewers show, for tests; all are valid in 2026. */
public final class ClientAuthority {
  /** When they begin. */
  public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** When they end. */
  public static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

  private final X509Bundle own;

  private ClientAuthority(X509Bundle own) {
    this.own = own;
  }

  /** Makes an authority that nobody stands above. */
  public static ClientAuthority named(String name) {
    return root(name, BEGIN, END);
  }

  /** Makes one that is valid from and to other times. */
  public static ClientAuthority root(String name, Instant begin, Instant end) {
    return of(() -> authority(name).notBefore(begin).notAfter(end).buildSelfSigned());
  }

  private static CertificateBuilder authority(String name) {
    return builder(name).setIsCertificateAuthority(true);
  }

  private static CertificateBuilder builder(String name) {
    return new CertificateBuilder().ecp256().subject("CN=" + name).notBefore(BEGIN).notAfter(END);
  }

  /** Makes an authority below this one. */
  public ClientAuthority below(String name) {
    return of(() -> authority(name).buildIssuedBy(own));
  }

  private interface Making {
    X509Bundle make() throws Exception;
  }

  private static ClientAuthority of(Making making) {
    return new ClientAuthority(made(making));
  }

  private static X509Bundle made(Making making) {
    try {
      return making.make();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the authority's own certificate. */
  public X509Certificate certificate() {
    return own.getCertificate();
  }

  /** Returns a viewer's certificate. */
  public X509Bundle client(String name) {
    return client(name, builder -> builder.addExtendedKeyUsageClientAuth());
  }

  /** Returns a viewer's certificate with other contents. */
  public X509Bundle client(String name, UnaryOperator<CertificateBuilder> contents) {
    return made(() -> contents.apply(builder(name)).buildIssuedBy(own));
  }

  /** Returns a trust store of these authorities. */
  public static TrustStore store(String id, ClientAuthority... trusted) {
    StringBuilder pem = new StringBuilder();
    for (ClientAuthority one : trusted) {
      pem.append(one.own.getCertificatePEM()).append('\n');
    }
    return new TrustStore(id, pem.toString());
  }

  /** Returns the chain of a viewer. */
  public static List<X509Certificate> chain(X509Bundle client) {
    return List.of(client.getCertificatePath());
  }

  /** Returns the side of a viewer that shows a certificate, and trusts an authority. */
  public static SSLContext showing(X509Bundle client, TrustManager trusting) throws Exception {
    return context(client.toKeyManagerFactory().getKeyManagers(), trusting);
  }

  /** Returns the side of a viewer with these keys, or none. */
  public static SSLContext context(KeyManager[] keys, TrustManager trusting) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trusting}, new SecureRandom());
    return context;
  }
}
