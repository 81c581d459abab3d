package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Hello;

/** Reads the name a viewer asks for, and goes on with that name's certificate. */
final class TlsStart extends AbstractSniHandler<SslContext> {
  private static final Logger LOG = LoggerFactory.getLogger(TlsStart.class);
  private static final int HELLO_BYTES_MAX = 16_384;

  /** A fatal alert, internal_error (RFC 8446, 6.2), as a record. */
  private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 80};

  private final Loop loop;
  private final Door door;
  private final Certificates certificates;
  private Optional<Hello> hello = Optional.empty();
  private Optional<ClientCheck> clients = Optional.empty();
  private boolean refused;

  TlsStart(Loop loop, Door door, Certificates certificates) {
    super(HELLO_BYTES_MAX, loop.limits().times().handshake().toMillis());
    this.loop = loop;
    this.door = door;
    this.certificates = certificates;
  }

  @Override
  protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable ByteBuf message)
      throws Exception {
    hello = message == null ? Optional.empty() : HelloReader.read(message);
    return super.lookup(context, message);
  }

  @Override
  protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable String name) {
    String asked = lower(name);
    boolean http2 = door.handler().speaksHttp2(asked);
    clients = door.handler().clients(asked);
    @Nullable SslContext found =
        clients.isPresent()
            ? certificates.context(asked, http2, clients.get())
            : certificates.context(asked, http2);
    return found == null
        ? context
            .executor()
            .newFailedFuture(new SSLHandshakeException("this edge has no certificate yet"))
        : context.executor().newSucceededFuture(found);
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext context, @Nullable String name, Future<SslContext> future) {
    if (!future.isSuccess()) {
      if (refused) {
        return; // asked again, because the hello is still in the buffer
      }
      refused = true;
      LOG.warn("TLS handshake refused: {}", future.cause().getMessage());
      loop.tally().handshakeFailed();
      ByteBuf alert = Unpooled.wrappedBuffer(ALERT);
      context.writeAndFlush(alert).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    SslHandler secure = future.getNow().newHandler(context.alloc());
    if (clients.isPresent()) {
      Certificates.refuseTickets(secure.engine());
    }
    secure.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
    String asked = lower(name);
    Fronting fronting = new Fronting(asked, certificates.coverage(asked));
    context
        .pipeline()
        .addAfter(
            context.name(), null, new TlsDone(loop, door.named(asked), fronting, hello, clients));
    context.pipeline().replace(this, null, secure);
  }

  private static String lower(@Nullable String name) {
    return name == null ? "" : Ascii.lower(name);
  }
}
