package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Client;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Hello;
import warmfront.edge.step.Tls;

/** Goes on with the HTTP version that the TLS handshake settled on (RFC 7301). */
final class TlsDone extends ApplicationProtocolNegotiationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDone.class);

  private final Loop loop;
  private final Door door;
  private final Fronting fronting;
  private final Optional<Hello> hello;
  private final Optional<ClientCheck> clients;

  /**
   * Makes one.
   *
   * @param clients what the handshake asks of the viewer's certificate
   */
  TlsDone(
      Loop loop,
      Door door,
      Fronting fronting,
      Optional<Hello> hello,
      Optional<ClientCheck> clients) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.loop = loop;
    this.door = door;
    this.fronting = fronting;
    this.hello = hello;
    this.clients = clients;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext context, String protocol) {
    Channel channel = context.channel();
    SslHandler secure = channel.pipeline().get(SslHandler.class);
    Tls tls = tls(secure.engine());
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      Http2Intake intake = new Http2Intake(loop, door, tls, fronting, channel);
      channel.pipeline().addLast(new Http2(channel, loop, door, intake));
    } else {
      channel.pipeline().addLast(new Http1(channel, loop, door, Optional.of(tls), fronting));
    }
  }

  private Tls tls(SSLEngine engine) {
    Tls.Beginning beginning =
        isResumed(engine) ? Tls.Beginning.SESSION_RESUMED : Tls.Beginning.FULL_HANDSHAKE;
    Tls session = tls(engine.getSession(), fronting.serverName(), beginning, hello);
    return clients.isEmpty()
        ? session
        : session.of(new Client(clients.get(), shown(engine.getSession())));
  }

  /** Returns the certificates that the viewer showed. */
  private static List<X509Certificate> shown(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** Returns what is said of a session that was begun for a name. */
  static Tls tls(
      SSLSession session, String serverName, Tls.Beginning beginning, Optional<Hello> hello) {
    String suite = session.getCipherSuite();
    // TLS 1.3 suites have one name only; OpenSSL has its own for those before
    @Nullable String cipher = CipherSuiteConverter.toOpenSsl(suite, false);
    return new Tls(
        session.getProtocol(), cipher == null ? suite : cipher, serverName, "", beginning, hello);
  }

  private static boolean isResumed(SSLEngine engine) {
    return engine instanceof ReferenceCountedOpenSslEngine ours
        && SSL.isSessionReused(ours.sslPointer());
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
    loop.tally().handshakeFailed();
    LOG.debug(
        "TLS handshake of {} failed: {}", context.channel().remoteAddress(), cause.toString());
    var _ = context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause.getCause() instanceof SSLException failure) { // as the decoder wraps it
      handshakeFailure(context, failure);
      return;
    }
    LOG.debug("TLS of {} failed: {}", context.channel().remoteAddress(), cause.toString());
    var _ = context.close();
  }
}
