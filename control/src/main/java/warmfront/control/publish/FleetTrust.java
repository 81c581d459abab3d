package warmfront.control.publish;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the fleet's CA signed, expired or not: an expired server may still renew, and is
 * refused everything else by {@link FleetService}.
 */
final class FleetTrust extends X509ExtendedTrustManager {
  private final X509Certificate ca;

  FleetTrust(X509Certificate ca) {
    this.ca = ca;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    signed(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    signed(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    signed(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this side is no client");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("this side is no client");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this side is no client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {ca};
  }

  private void signed(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0 || chain[0].getBasicConstraints() >= 0) {
      throw new CertificateException("not the certificate of a server");
    }
    if (!chain[0].getIssuerX500Principal().equals(ca.getSubjectX500Principal())) {
      throw new CertificateException("another CA's certificate");
    }
    try {
      chain[0].verify(ca.getPublicKey());
    } catch (GeneralSecurityException forged) {
      throw new CertificateException("not signed by the fleet's CA", forged);
    }
  }
}
