package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection so that the viewer sees what was sent last: if it may still be sending, only
 * our side is closed at first, for a close with bytes unread would be a reset (RFC 9112, 9.6).
 */
final class Farewell {
  private final Channel channel;
  private boolean lingering;

  Farewell(Channel channel) {
    this.channel = channel;
  }

  /** The viewer may still be sending. */
  void linger() {
    lingering = true;
  }

  /** Makes the end a reset, which alone tells the viewer that something is missing. */
  void reset() {
    lingering = false;
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
  }

  /** Ends it at once: a viewer that takes nothing hears no last word, and TLS would wait for it. */
  void drop() {
    reset();
    @Nullable ChannelHandlerContext secure = channel.pipeline().context(SslHandler.class);
    var _ = secure == null ? channel.close() : secure.close();
  }

  /** Ends it. What was written must have been sent. */
  void say() {
    if (!lingering || !channel.isActive()) {
      var _ = channel.close();
      return;
    }
    @Nullable SslHandler secure = channel.pipeline().get(SslHandler.class);
    if (secure == null) {
      shutOutput();
    } else {
      secure.closeOutbound().addListener(_ -> shutOutput());
    }
  }

  private void shutOutput() {
    ((DuplexChannel) channel).shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }
}
