package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the name that a peer asks for, and puts that name's TLS in its own place: what follows in
 * the pipeline hears what is said within. How long that may take is not its business.
 */
final class TlsStart extends AbstractSniHandler<Optional<SSLEngine>> {
  private static final Logger LOG = LoggerFactory.getLogger(TlsStart.class);
  private static final int HELLO_BYTES_MAX = 16_384;
  private static final long NO_TIMEOUT = 0;

  /** A fatal alert, internal_error (RFC 8446, 6.2), as a record. */
  private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 80};

  private final Tally tally;
  private final Tls tls;
  private boolean isRefused;

  TlsStart(Tally tally, Tls tls) {
    super(HELLO_BYTES_MAX, NO_TIMEOUT);
    this.tally = tally;
    this.tls = tls;
  }

  @Override
  protected Future<Optional<SSLEngine>> lookup(
      ChannelHandlerContext context, @Nullable String name) {
    String asked = name == null ? "" : name.toLowerCase(Locale.ROOT);
    return context.executor().newSucceededFuture(tls.engine(asked));
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext context, @Nullable String name, Future<Optional<SSLEngine>> found) {
    Optional<SSLEngine> engine = found.getNow();
    if (engine.isPresent()) {
      SslHandler secure = new SslHandler(engine.get());
      secure.setHandshakeTimeoutMillis(NO_TIMEOUT);
      context.pipeline().replace(this, null, secure);
    } else if (!isRefused) { // it may ask again, because the hello is still in the buffer
      isRefused = true;
      LOG.warn("TLS handshake refused: there is no certificate yet");
      tally.handshakeFailed();
      ByteBuf alert = Unpooled.wrappedBuffer(ALERT);
      context.writeAndFlush(alert).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
