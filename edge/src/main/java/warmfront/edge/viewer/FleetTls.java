package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.Server;
import warmfront.edge.step.FleetIdentity;
import warmfront.edge.step.Tls;

/**
 * TLS on the port between edges: both sides show certificates of the fleet's authority, TLS 1.3
 * alone, no session is resumed. Thread-safe.
 */
final class FleetTls {
  private static final Logger LOG = LoggerFactory.getLogger(FleetTls.class);

  private final Supplier<FleetIdentity> identity;
  private volatile @Nullable Made made;

  /** A context, and what it was made of. */
  private record Made(FleetIdentity identity, SslContext context) {}

  FleetTls(Supplier<FleetIdentity> identity) {
    this.identity = identity;
  }

  /** Begins the handshake of a connection, whose requests come in by {@code door}. */
  void begin(Loop loop, Channel channel, Door door) {
    SslHandler secure = context().newHandler(channel.alloc());
    secure.setHandshakeTimeoutMillis(loop.limits().times().handshake().toMillis());
    channel.pipeline().addLast(secure, new Shaken(loop, door, secure));
  }

  /**
   * Returns the context for the certificate that the server has now.
   *
   * @throws IllegalStateException if it cannot be read
   */
  private SslContext context() {
    FleetIdentity now = identity.get();
    @Nullable Made last = made;
    if (last == null || !last.identity().equals(now)) {
      last = new Made(now, context(now));
      made = last;
    }
    return last.context();
  }

  private static SslContext context(FleetIdentity own) {
    try {
      return SslContextBuilder.forServer(own.key(), own.chain())
          .sslProvider(SslProvider.OPENSSL) // BoringSSL, as for viewers
          .protocols("TLSv1.3")
          .trustManager(own.authorities())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalStateException("the certificate of this server is no use", e);
    }
  }

  /** Goes on with HTTP/1.1 once the other side has proved who it is. */
  private static final class Shaken extends ChannelInboundHandlerAdapter {
    private final Loop loop;
    private final Door door;
    private final SslHandler secure;

    Shaken(Loop loop, Door door, SslHandler secure) {
      this.loop = loop;
      this.door = door;
      this.secure = secure;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent shaken)) {
        context.fireUserEventTriggered(event);
      } else if (shaken.isSuccess()) {
        goOn(context);
      } else {
        refuse(context, shaken.cause());
      }
    }

    private void goOn(ChannelHandlerContext context) {
      Channel channel = context.channel();
      SSLSession session = secure.engine().getSession();
      try {
        var shown = (X509Certificate) session.getPeerCertificates()[0];
        String id = Server.idOfSubject(shown.getSubjectX500Principal().getName());
        if (id.isEmpty()) {
          refuse(context, new SSLException("not a server's: " + shown.getSubjectX500Principal()));
          return;
        }
        Tls tls = new Tls(session.getProtocol(), session.getCipherSuite(), "", id);
        channel
            .pipeline()
            .replace(this, null, new Http1(channel, loop, door, Optional.of(tls), Fronting.NONE));
      } catch (SSLException e) {
        refuse(context, e);
      }
    }

    private void refuse(ChannelHandlerContext context, Throwable cause) {
      loop.tally().handshakeFailed();
      LOG.warn(
          "an edge at {} was refused: {}", context.channel().remoteAddress(), cause.toString());
      var _ = context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("TLS of {} failed: {}", context.channel().remoteAddress(), cause.toString());
      var _ = context.close();
    }
  }
}
