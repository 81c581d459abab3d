package warmfront.edge.origin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.FleetIdentity;

/**
 * TLS 1.3 toward other edges. Their certificates must be of the fleet's authority and for the name
 * of the server that is asked; this side shows its own.
 */
final class FleetTls implements ClientTls {
  private final Supplier<FleetIdentity> identity;
  private final Queue<SslContext> all = new ArrayDeque<>(); // guarded by this
  private @Nullable FleetIdentity last; // guarded by this
  private @Nullable SslContext context; // guarded by this

  FleetTls(Supplier<FleetIdentity> identity) {
    this.identity = identity;
  }

  @Override
  public SslHandler handler(Channel channel, Peer peer, Duration handshake) {
    SslHandler handler = context().newHandler(channel.alloc(), peer.serverName(), peer.port());
    handler.setHandshakeTimeoutMillis(Math.max(1, handshake.toMillis()));
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    return handler;
  }

  /** Servers ask one another over HTTP/1.1 alone. */
  @Override
  public ClientTls http2() {
    return this;
  }

  /** A certificate is renewed three times in its life: what came before is let go of at the end. */
  private synchronized SslContext context() {
    FleetIdentity now = identity.get();
    @Nullable SslContext made = context;
    if (made == null || !now.equals(last)) {
      made = context(now);
      all.add(made);
      context = made;
      last = now;
    }
    return made;
  }

  private static SslContext context(FleetIdentity own) {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .protocols("TLSv1.3")
          .keyManager(own.key(), own.chain())
          .trustManager(own.authorities())
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalStateException("the certificate of this server is no use", e);
    }
  }

  @Override
  public synchronized void close() {
    all.forEach(ReferenceCountUtil::release);
    all.clear();
    context = null;
  }
}
