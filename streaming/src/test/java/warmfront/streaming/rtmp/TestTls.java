package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * A certificate for the name {@code localhost}, shown as the edge shows its own, and peers who
 * trust it.
 */
public final class TestTls implements Tls {
  /** The names that were asked for. */
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private final SslContext server;
  private final SSLContext peers;

  private TestTls(X509Bundle certificate) throws Exception {
    server =
        SslContextBuilder.forServer(
                certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(SslProvider.OPENSSL)
            .protocols("TLSv1.3", "TLSv1.2")
            .build();
    peers = SSLContext.getInstance("TLS");
    peers.init(null, new TrustManager[] {certificate.toTrustManager()}, new SecureRandom());
  }

  /** Makes a certificate. */
  public static TestTls made() {
    try {
      return new TestTls(
          new CertificateBuilder()
              .ecp256()
              .subject("CN=localhost")
              .addSanDnsName("localhost")
              .setIsCertificateAuthority(true)
              .buildSelfSigned());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<SSLEngine> engine(String serverName) {
    asked.add(serverName);
    SSLEngine engine = server.newEngine(ByteBufAllocator.DEFAULT);
    SSL.setOptions(((ReferenceCountedOpenSslEngine) engine).sslPointer(), SSL.SSL_OP_NO_TICKET);
    return Optional.of(engine);
  }

  /** Connects and shakes hands, whatever the name in the certificate. */
  SSLSocket connected(InetSocketAddress address, String name, String protocol) throws IOException {
    return over(RtmpClient.connected(address), name, protocol);
  }

  /** Shakes hands over a socket that is connected. */
  SSLSocket over(Socket plain, String name, String protocol) throws IOException {
    SSLSocket socket =
        (SSLSocket) peers.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
