package warmfront.app.journeys;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Connections over TLS to who proves to be of a name. */
final class TrustedSocket {
  private static final int PATIENCE_MILLIS = 20_000;

  private TrustedSocket() {}

  /**
   * Connects and shakes hands.
   *
   * @param authority whose word on names is taken, PEM
   * @param name what the certificate has to cover (RFC 9525)
   */
  static SSLSocket connect(Path authority, InetSocketAddress server, String name)
      throws IOException, GeneralSecurityException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.connect(server, PATIENCE_MILLIS);
      SSLSocket socket =
          (SSLSocket)
              trusting(authority)
                  .getSocketFactory()
                  .createSocket(plain, name, server.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException | GeneralSecurityException e) {
      plain.close();
      throw e;
    }
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "fleet", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
