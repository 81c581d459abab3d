package warmfront.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import warmfront.distribution.Server;

/**
 * A server's certificate, its key and the fleet's CA, as they lie in its data directory ({@code
 * server.pem}, {@code server.key} with mode 0600, {@code ca.pem}).
 *
 * @param serverId the server's id in the fleet
 * @param chainPem its certificate and the issuers
 * @param keyPem its private key, PKCS #8
 * @param caPem what the fleet trusts
 */
public record Credentials(String serverId, String chainPem, String keyPem, String caPem) {
  /** The name in the certificate of the control plane, which no other server's has. */
  public static final String CONTROL_NAME = "control.fleet.warmfront";

  /** Largest message on the stream, in bytes. */
  public static final int MESSAGE_MAX = 16 << 20;

  private static final Duration KEEPALIVE = Duration.ofSeconds(10);

  /** Reads them from a data directory; empty if this server never joined a fleet. */
  public static Optional<Credentials> load(Path folder) throws IOException {
    if (Files.notExists(folder.resolve("server.pem"))) {
      return Optional.empty();
    }
    // Chain and key are one file's content in effect: the key is written first, and a chain
    // that is not the key's is found when the channel is made.
    String chain = Files.readString(folder.resolve("server.pem"), StandardCharsets.US_ASCII);
    return Optional.of(
        new Credentials(
            serverId(Pem.certificates(chain).getFirst()),
            chain,
            Files.readString(folder.resolve("server.key"), StandardCharsets.US_ASCII),
            Files.readString(folder.resolve("ca.pem"), StandardCharsets.US_ASCII)));
  }

  /** Writes them into a data directory. */
  public void save(Path folder) throws IOException {
    KeyFile.write(folder.resolve("server.key"), keyPem.getBytes(StandardCharsets.US_ASCII));
    KeyFile.write(folder.resolve("ca.pem"), caPem.getBytes(StandardCharsets.US_ASCII));
    KeyFile.write(folder.resolve("server.pem"), chainPem.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns the id of the server whose certificate it is, empty text if it is no server's. */
  public static String serverId(X509Certificate certificate) {
    return Server.idOfSubject(certificate.getSubjectX500Principal().getName());
  }

  /** Returns when a third of the certificate's life is over, and it is to be renewed. */
  public Instant renewalDue() {
    X509Certificate leaf = leaf();
    Instant from = leaf.getNotBefore().toInstant();
    return from.plus(Duration.between(from, leaf.getNotAfter().toInstant()).dividedBy(3));
  }

  /** Returns when the certificate expires. */
  public Instant expires() {
    return leaf().getNotAfter().toInstant();
  }

  /**
   * Returns a channel to the control plane, mutual TLS, keepalive 10 s.
   *
   * @throws IllegalStateException if key and certificate do not belong together
   */
  public ManagedChannel channel(String host, int port) {
    try {
      SslContext tls =
          client()
              .trustManager(Pem.certificates(caPem))
              .keyManager(Pem.privateKey(keyPem), Pem.certificates(chainPem))
              .build();
      return channel(host, port, tls);
    } catch (SSLException refused) {
      throw new IllegalStateException("the certificate of " + serverId + " is no use", refused);
    }
  }

  static SslContextBuilder client() {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
        .protocols(List.of("TLSv1.3"));
  }

  static ManagedChannel channel(String host, int port, SslContext tls) {
    return NettyChannelBuilder.forAddress(host, port)
        .sslContext(tls)
        .overrideAuthority(CONTROL_NAME)
        .maxInboundMessageSize(MESSAGE_MAX)
        .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .build();
  }

  private X509Certificate leaf() {
    return Pem.certificates(chainPem).getFirst();
  }

  @Override
  public String toString() {
    return "Credentials[" + serverId + "]";
  }
}
