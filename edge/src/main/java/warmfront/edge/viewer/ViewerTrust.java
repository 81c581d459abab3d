package warmfront.edge.viewer;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.ClientCheck;
import warmfront.time.Clock;

/** Has the certificates of viewers judged while they shake hands. Thread-safe. */
final class ViewerTrust extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(ViewerTrust.class);

  private final ClientCheck check;
  private final Clock clock;

  ViewerTrust(ClientCheck check, Clock clock) {
    this.check = check;
    this.clock = clock;
  }

  private void judge(X509Certificate[] chain) throws CertificateException {
    Optional<String> objection = check.objection(List.of(chain), clock.now());
    if (objection.isPresent()) {
      LOG.debug("{}: a viewer's certificate is refused: {}", check, objection.get());
      throw new CertificateException(objection.get());
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  private static CertificateException noServer() {
    return new CertificateException("an edge does not connect to viewers");
  }

  /** Returns the authorities that the handshake names. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return check.named().toArray(X509Certificate[]::new);
  }
}
