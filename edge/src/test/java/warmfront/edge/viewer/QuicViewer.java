package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A viewer over QUIC, whose streams and frames are the test's own (RFC 9114). */
final class QuicViewer implements AutoCloseable {
  /**
   * How a stream of the edge's ended, or ours: bytes to its end, or the code that it was reset
   * with.
   */
  record End(String bytes, long reset) {}

  static final long WHOLE = -1;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel socket;
  final QuicChannel channel;
  final CompletableFuture<QuicConnectionCloseEvent> closed = new CompletableFuture<>();

  /** What the edge says on streams that it begins: its control stream alone, as far as it came. */
  final ConcurrentLinkedQueue<Integer> said = new ConcurrentLinkedQueue<>();

  /** Connects to an address, and shakes hands for a name. */
  QuicViewer(InetSocketAddress to, String name, TestAuthority authority, ChannelHandler handler)
      throws Exception {
    this(to, name, context(authority), handler);
  }

  QuicViewer(InetSocketAddress to, String name, QuicSslContext tls, ChannelHandler handler)
      throws Exception {
    socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new QuicClientCodecBuilder()
                    .sslEngineProvider(quic ->
                        name.isEmpty()
                            ? tls.newEngine(quic.alloc())
                            : tls.newEngine(quic.alloc(), name, to.getPort()))
                    .maxIdleTimeout(60, TimeUnit.SECONDS)
                    .initialMaxData(1 << 24)
                    .initialMaxStreamDataBidirectionalLocal(1 << 20)
                    .initialMaxStreamDataUnidirectional(1 << 16)
                    .initialMaxStreamsUnidirectional(10)
                    .build())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    try {
      channel =
          QuicChannel.newBootstrap(socket)
              .handler(
                  new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel quic) {
                      quic.pipeline().addLast(new Closing()).addLast(handler);
                    }
                  })
              .streamHandler(new Saying())
              .remoteAddress(to)
              .connect()
              .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      socket.close().awaitUninterruptibly();
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Returns TLS that trusts an authority, and looks at no names: sessions may be resumed. */
  static QuicSslContext context(TestAuthority authority) {
    return QuicSslContextBuilder.forClient()
        .trustManager(authority.root())
        .endpointIdentificationAlgorithm("")
        .applicationProtocols("h3")
        .build();
  }

  /** Connects by hand: nothing is said that the test does not say. */
  static QuicViewer silent(Edge edge, String name) throws Exception {
    return new QuicViewer(edge.secure, name, edge.authority, new ChannelInboundHandlerAdapter());
  }

  /** Connects by hand, and says that there are no settings. */
  static QuicViewer greeting(Edge edge) throws Exception {
    QuicViewer viewer = silent(edge, "a.example");
    viewer.side().send(bytes(0, 4, 0), false);
    return viewer;
  }

  /** Begins a request's stream. */
  Stream request() throws Exception {
    return new Stream(QuicStreamType.BIDIRECTIONAL);
  }

  /** Begins a stream that is no request. */
  Stream side() throws Exception {
    return new Stream(QuicStreamType.UNIDIRECTIONAL);
  }

  /** Returns the code that the edge ends the connection with. */
  long error() throws Exception {
    return closed.get(10, TimeUnit.SECONDS).error();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] joined(byte[]... pieces) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  /** Returns a frame. */
  static byte[] frame(long type, byte[] content) {
    ByteBuf head = Unpooled.buffer();
    Http3Number.write(head, type);
    Http3Number.write(head, content.length);
    return joined(ByteBufUtil.getBytes(head), content);
  }

  /** Returns the frame of a head whose fields are given as name, value; all are literal. */
  static byte[] head(List<String> fields) {
    HpackBlock block = QpackLines.begin(new HpackBlock());
    for (int i = 0; i < fields.size(); i += 2) {
      byte[] name = fields.get(i).getBytes(ISO_8859_1);
      block.number(0x20, 0x07, name.length).encoded(name).text(fields.get(i + 1));
    }
    return frame(Http3Frames.HEADERS, block.copy());
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    socket.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** A stream of the viewer's. */
  final class Stream {
    final QuicStreamChannel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<End> end = new CompletableFuture<>();

    private Stream(QuicStreamType type) throws Exception {
      channel = QuicViewer.this.channel.createStream(type, new Receiving()).get();
    }

    Stream send(byte[] bytes, boolean last) {
      ByteBuf out = channel.alloc().directBuffer().writeBytes(bytes);
      var _ = channel.writeAndFlush(last ? new DefaultQuicStreamFrame(out, true) : out);
      return this;
    }

    /** Returns how the edge ends its side. */
    End end() throws Exception {
      return end.get(10, TimeUnit.SECONDS);
    }

    private final class Receiving extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        received.writeBytes(ByteBufUtil.getBytes(in));
        in.release();
      }

      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
          end.complete(new End(received.toString(ISO_8859_1), WHOLE));
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset) {
          end.complete(new End(received.toString(ISO_8859_1), reset.applicationProtocolCode()));
        }
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        end.completeExceptionally(new IllegalStateException("the connection is gone"));
      }
    }
  }

  private final class Closing extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof QuicConnectionCloseEvent close) {
        closed.complete(close);
      }
      context.fireUserEventTriggered(event);
    }
  }

  private final class Saying extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof ByteBuf in)) {
        ReferenceCountUtil.release(message); // read by another's codec
        return;
      }
      while (in.isReadable()) {
        said.add((int) in.readUnsignedByte());
      }
      in.release();
    }
  }
}
