package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Tls;

/** Goes on with the HTTP version that the TLS handshake settled on (RFC 7301). */
final class TlsDone extends ApplicationProtocolNegotiationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDone.class);

  private final Loop loop;
  private final Door door;
  private final Fronting fronting;

  TlsDone(Loop loop, Door door, Fronting fronting) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.loop = loop;
    this.door = door;
    this.fronting = fronting;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext context, String protocol) {
    Channel channel = context.channel();
    SslHandler secure = channel.pipeline().get(SslHandler.class);
    Tls tls = tls(secure.engine().getSession());
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      var viewer = (InetSocketAddress) channel.remoteAddress();
      Http2Intake intake = new Http2Intake(loop, door, tls, fronting, viewer);
      channel.pipeline().addLast(new Http2(channel, loop, door, intake));
    } else {
      channel.pipeline().addLast(new Http1(channel, loop, door, Optional.of(tls), fronting));
    }
  }

  private Tls tls(SSLSession session) {
    String suite = session.getCipherSuite();
    // TLS 1.3 suites have one name only; OpenSSL has its own for those before
    @Nullable String cipher = CipherSuiteConverter.toOpenSsl(suite, false);
    return new Tls(
        session.getProtocol(), cipher == null ? suite : cipher, fronting.serverName(), "");
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
    LOG.debug("TLS of {} failed: {}", context.channel().remoteAddress(), cause.toString());
    var _ = context.close();
  }
}
