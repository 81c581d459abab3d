package warmfront.edge.origin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Certificate;

/**
 * TLS toward origins. A certificate must chain to the JDK's trust store or the operator's own
 * authorities, and be for the origin's name or for the Host that is sent on, as CloudFront asks.
 * Thread-safe.
 */
final class OriginTls implements ClientTls {
  /** Only HTTP/2 is offered: an origin without it is no origin of gRPC (RFC 9113, section 3.2). */
  private static final ApplicationProtocolConfig HTTP2 =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2);

  private static final Set<String> KNOWN = Set.of("TLSv1", "TLSv1.1", "TLSv1.2");

  private final TrustManagerFactory trust;
  private final Map<List<String>, SslContext> contexts = new ConcurrentHashMap<>();
  private final Map<String, Showing> showing = new ConcurrentHashMap<>();
  private final boolean offersHttp2;
  private final @Nullable OriginTls http2;

  /** A context, and the certificate that it shows. */
  private record Showing(Certificate certificate, SslContext context) {}

  /**
   * Reads what is trusted.
   *
   * @param extra a PEM file with further authorities
   * @throws IllegalArgumentException if the file cannot be read or has no certificate
   */
  OriginTls(Optional<Path> extra) {
    try {
      this.trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(extra));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "cannot read the authorities for origins" + extra.map(file -> " in " + file).orElse(""),
          e);
    }
    this.offersHttp2 = false;
    this.http2 = new OriginTls(trust);
  }

  private OriginTls(TrustManagerFactory trust) {
    this.trust = trust;
    this.offersHttp2 = true;
    this.http2 = null;
  }

  @Override
  public ClientTls http2() {
    return http2 == null ? this : http2;
  }

  @Override
  public SslHandler handler(Channel channel, Peer peer, Duration handshake) {
    SslContext context =
        peer.shown().isPresent()
            ? showing(peer.shown().get(), peer.protocols())
            : contexts.computeIfAbsent(peer.protocols(), this::context);
    SslHandler handler = context.newHandler(channel.alloc(), peer.host(), peer.port());
    handler.setHandshakeTimeoutMillis(Math.max(1, handshake.toMillis()));
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!Resolver.isLiteral(peer.serverName())) {
      parameters.setServerNames(List.of(new SNIHostName(peer.serverName())));
    }
    handler.engine().setSSLParameters(parameters);
    return handler;
  }

  @Override
  public void close() {
    contexts.values().forEach(ReferenceCountUtil::release);
    contexts.clear();
    if (http2 != null) {
      http2.close();
    }
  }

  /** Returns a context of those who ask who is there; another one once the certificate is. */
  private SslContext showing(Certificate certificate, List<String> listed) {
    return showing
        .compute(
            certificate.id() + " " + listed,
            (_, last) ->
                last != null && last.certificate().equals(certificate)
                    ? last
                    : new Showing(certificate, context(certificate, listed)))
        .context();
  }

  private SslContext context(Certificate certificate, List<String> listed) {
    try {
      // freed with the last connection, which nobody counts: certificates are few
      return builder(listed)
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
          .keyManager(stream(certificate.chainPem()), stream(certificate.keyPem()))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS context with " + certificate, e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private SslContext context(List<String> listed) {
    try {
      return builder(listed)
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS context for " + listed, e);
    }
  }

  /** TLS 1.3 is always offered; SSLv3 never, whatever the list says (RFC 7568). */
  private SslContextBuilder builder(List<String> listed) {
    List<String> protocols = new ArrayList<>(List.of("TLSv1.3"));
    listed.stream().filter(KNOWN::contains).forEach(protocols::add);
    return SslContextBuilder.forClient()
        .protocols(protocols)
        .applicationProtocolConfig(offersHttp2 ? HTTP2 : ApplicationProtocolConfig.DISABLED)
        .trustManager(trust);
  }

  private static KeyStore trusted(Optional<Path> extra)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    TrustManagerFactory ofJdk =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    ofJdk.init((KeyStore) null);
    for (TrustManager manager : ofJdk.getTrustManagers()) {
      if (manager instanceof X509TrustManager authorities) {
        for (X509Certificate authority : authorities.getAcceptedIssuers()) {
          store.setCertificateEntry("ca-" + store.size(), authority);
        }
      }
    }
    if (extra.isPresent()) {
      try (InputStream file = Files.newInputStream(extra.get())) {
        for (java.security.cert.Certificate authority :
            CertificateFactory.getInstance("X.509").generateCertificates(file)) {
          store.setCertificateEntry("ca-" + store.size(), authority);
        }
      }
    }
    return store;
  }
}
