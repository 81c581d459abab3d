package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A conversation straight over a connection. */
final class Socket extends ChannelInboundHandlerAdapter implements Outlet {
  private final Channel channel;
  private final Variant variant;
  private final Duration linger;
  private final Conversation conversation;

  Socket(Channel channel, Variant variant, Loop loop, Handshake handshake, long since) {
    this.channel = channel;
    this.variant = variant;
    linger = loop.limits().times().linger();
    conversation = new Conversation(loop, this, handshake, since);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    conversation.begin();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    conversation.received((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    conversation.settled();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      conversation.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    conversation.gone(Ending.PEER);
  }

  /** The peer reset the connection or spoke no right TLS, or a bug. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    conversation.failed(cause.getCause() instanceof SSLException broken ? broken : cause);
  }

  @Override
  public Variant variant() {
    return variant;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void write(ByteBuf bytes) {
    var _ = channel.write(bytes, channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public long pendingBytes() {
    @Nullable ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes() - queue.currentProgress();
  }

  @Override
  public void listen(boolean wanted) {
    channel.config().setAutoRead(wanted);
  }

  /**
   * Sends what was taken, then closes our side alone: a close with bytes unread would be a reset,
   * and the peer, who may be sending media, would lose the last word with it.
   */
  @Override
  public void close() {
    listen(true);
    channel.writeAndFlush(channel.alloc().buffer(0, 0)).addListener(_ -> shutOutput());
  }

  private void shutOutput() {
    conversation.gone(Ending.SESSION);
    @Nullable SslHandler secure = channel.pipeline().get(SslHandler.class);
    if (secure == null) {
      linger();
    } else {
      secure.closeOutbound().addListener(_ -> linger());
    }
  }

  private void linger() {
    ((DuplexChannel) channel).shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    var _ = channel.eventLoop().schedule(this::abort, linger.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void abort() {
    var _ = channel.close();
  }
}
