package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out by its first bytes what a connection speaks, and lets the rest of them go to what
 * speaks that as well. If that is TLS, it goes on to find out what is spoken within; the peer has
 * no more time for both.
 */
final class Recognizer extends ByteToMessageDecoder implements Loop.Swept {
  private static final Logger LOG = LoggerFactory.getLogger(Recognizer.class);

  /** A handshake's record (RFC 8446, 5.1), what TLS begins with. */
  private static final int TLS_HANDSHAKE = 0x16;

  private static final byte[] POLICY_REQUEST = "<policy-file-request/>\0".getBytes(US_ASCII);
  private static final byte[] POLICY =
      ("<?xml version=\"1.0\"?><cross-domain-policy>"
              + "<allow-access-from domain=\"*\" to-ports=\"*\"/></cross-domain-policy>\0")
          .getBytes(US_ASCII);

  private final Loop loop;
  private final Dialects dialects;
  private final long since;
  private @Nullable ChannelHandlerContext context;

  Recognizer(Loop loop, Dialects dialects) {
    this.loop = loop;
    this.dialects = dialects;
    since = loop.nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    loop.add(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext removed) {
    loop.remove(this);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int first = in.getUnsignedByte(in.readerIndex());
    if (first == POLICY_REQUEST[0]) {
      policy(context, in);
    } else if (first == TLS_HANDSHAKE && dialects.mayBeginTls(context.channel())) {
      beginTls(context, in);
    } else if (dialects.speak(first, context.channel(), loop, since)) {
      context.pipeline().remove(this);
    } else {
      unrecognised(context, in);
    }
  }

  private void beginTls(ChannelHandlerContext context, ByteBuf in) {
    TlsStart start = new TlsStart(loop.tally(), dialects.tls());
    context.pipeline().addBefore(context.name(), null, start);
    context.pipeline().fireChannelRead(in.readRetainedSlice(in.readableBytes()));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent shaken && !shaken.isSuccess()) {
      loop.tally().handshakeFailed();
      LOG.debug("TLS of {} failed: {}", context.channel().remoteAddress(), shaken.cause());
      end();
    }
  }

  private void policy(ChannelHandlerContext context, ByteBuf in) {
    int length = Math.min(in.readableBytes(), POLICY_REQUEST.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != POLICY_REQUEST[i]) {
        unrecognised(context, in);
        return;
      }
    }
    if (length == POLICY_REQUEST.length) {
      in.skipBytes(in.readableBytes());
      context
          .writeAndFlush(Unpooled.wrappedBuffer(POLICY))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void unrecognised(ChannelHandlerContext context, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    loop.tally().unrecognised();
    var _ = context.close();
  }

  @Override
  public void sweep(long now) {
    if (now - since > loop.limits().times().handshake().toNanos()) {
      end();
    }
  }

  @Override
  public void drain() {
    end();
  }

  @Override
  public void end() {
    if (context != null) {
      var _ = context.close();
    }
  }

  /** The peer reset the connection, or spoke no right TLS. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
