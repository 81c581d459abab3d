package warmfront.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import warmfront.time.Clock;

/** Viewers who come for the first time over HTTP/3: one request over a new connection each. */
final class QuicVisits implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final Clock clock;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final InetSocketAddress server;
  private final byte[] request;
  private final Channel socket;

  QuicVisits(Clock clock, String address, int port, String path) throws InterruptedException {
    this.clock = clock;
    server = new InetSocketAddress(address, port);
    request = Http3Load.request(path);
    socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(Http3Load.codec(port))
            .bind(0)
            .sync()
            .channel();
  }

  /** Returns the milliseconds from the first packet to the last byte of the answer. */
  double millis() throws IOException, InterruptedException {
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    long begun = clock.nanos();
    try {
      QuicChannel viewer =
          QuicChannel.newBootstrap(socket)
              .streamHandler(new Http3Load.Dropping())
              .remoteAddress(server)
              .connect()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      QuicStreamChannel stream =
          viewer
              .createStream(QuicStreamType.BIDIRECTIONAL, new Answer(answered))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      stream
          .writeAndFlush(new DefaultQuicStreamFrame(Unpooled.copiedBuffer(request), true))
          .addListener(_ -> {});
      boolean isOk = answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      double millis = (clock.nanos() - begun) / 1e6;
      viewer.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!isOk) {
        throw new IOException("another answer over HTTP/3");
      }
      return millis;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no answer over HTTP/3", e);
    }
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Boolean> answered;
    private final Http3Opening opening = new Http3Opening();

    Answer(CompletableFuture<Boolean> answered) {
      this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      opening.take(in);
      in.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
        answered.complete(opening.isOk());
      }
    }
  }
}
