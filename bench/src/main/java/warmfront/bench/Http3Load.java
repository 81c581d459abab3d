package warmfront.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.time.Clock;

/**
 * Viewers over HTTP/3 who ask for one path again and again, each with many requests at a time, and
 * drop what they get. One thread, on which all of it happens.
 */
final class Http3Load implements AutoCloseable {
  private static final int WINDOW = 1 << 24;
  private static final int CONNECT_SECONDS = 10;

  private final Clock clock;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel socket;
  private final List<QuicChannel> viewers = new ArrayList<>();
  private final byte[] request;
  private final AtomicLong good = new AtomicLong();
  private final AtomicLong bad = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean ended;

  /** Connects viewers to a port of this machine. */
  Http3Load(Clock clock, int port, String path, int count)
      throws InterruptedException, ExecutionException, TimeoutException {
    this.clock = clock;
    request = request(path);
    socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(codec(port))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    for (int i = 0; i < count; i++) {
      viewers.add(
          QuicChannel.newBootstrap(socket)
              .streamHandler(new Dropping())
              .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .connect()
              .get(CONNECT_SECONDS, TimeUnit.SECONDS));
    }
  }

  /** Returns what speaks QUIC as a viewer does who trusts everybody. */
  static ChannelHandler codec(int port) {
    QuicSslContext tls =
        QuicSslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .applicationProtocols("h3")
            .build();
    return new QuicClientCodecBuilder()
        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), Asks.HOST, port))
        .initialMaxData(WINDOW)
        .initialMaxStreamDataBidirectionalLocal(WINDOW)
        .initialMaxStreamDataUnidirectional(WINDOW)
        .initialMaxStreamsUnidirectional(3)
        .build();
  }

  /** GET, https and the rest from QPACK's static table (RFC 9204, appendix A), in one frame. */
  static byte[] request(String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {0, 0, (byte) 0xD1, (byte) 0xD7, 0x50});
    block.write(Asks.HOST.length());
    block.writeBytes(Asks.HOST.getBytes(StandardCharsets.US_ASCII));
    block.write(0x51);
    block.write(path.length());
    block.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(1);
    frame.write(block.size()); // below 64
    frame.writeBytes(block.toByteArray());
    return frame.toByteArray();
  }

  /** Asks for so long, with so many requests at a time on each connection. */
  Load run(int streams, Duration span) throws InterruptedException {
    good.set(0);
    bad.set(0);
    bytes.set(0);
    ended = false;
    long begun = clock.nanos();
    for (QuicChannel viewer : viewers) {
      viewer
          .eventLoop()
          .execute(() -> {
            for (int i = 0; i < streams; i++) {
              ask(viewer);
            }
          });
    }
    Thread.sleep(span);
    ended = true;
    Thread.sleep(Duration.ofMillis(200)); // for what is under way
    double seconds = (clock.nanos() - begun) / 1e9;
    return new Load(good.get(), bytes.get(), bad.get(), seconds, 0);
  }

  private void ask(QuicChannel viewer) {
    viewer
        .createStream(QuicStreamType.BIDIRECTIONAL, new Answer(viewer))
        .addListener(made -> {
          if (made.isSuccess()) {
            ByteBuf out = Unpooled.directBuffer(request.length).writeBytes(request);
            var _ = ((Channel) made.getNow()).writeAndFlush(new DefaultQuicStreamFrame(out, true));
          } else {
            bad.incrementAndGet();
          }
        });
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Answer extends ChannelInboundHandlerAdapter {
    private final QuicChannel viewer;
    private final Http3Opening opening = new Http3Opening();

    Answer(QuicChannel viewer) {
      this.viewer = viewer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      opening.take(in);
      bytes.addAndGet(in.readableBytes());
      in.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
        (opening.isOk() ? good : bad).incrementAndGet();
        if (!ended) {
          ask(viewer);
        }
      }
    }
  }

  /** Drops what comes on streams of the server. */
  static final class Dropping extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
    }
  }
}
