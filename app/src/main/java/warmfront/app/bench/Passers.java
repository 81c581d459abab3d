package warmfront.app.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Viewers that come for one object over TLS and go, each with a handshake in which nothing is known
 * from before. Their part of it is done by a library in C: a JVM that has just begun would be ten
 * times as slow at it as the edge is at its own, and few could come.
 */
final class Passers implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final InetSocketAddress edge;
  private final String host;

  /**
   * Nobody comes yet.
   *
   * @param edge where it serves HTTPS
   * @param host whose objects are asked for
   */
  Passers(InetSocketAddress edge, String host) {
    this.edge = edge;
    this.host = host;
  }

  /** What a viewer speaks. */
  enum Speech {
    HTTP_1_1("http/1.1") {
      @Override
      byte[] request(String host, String path) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
            .formatted(path, host)
            .getBytes(US_ASCII);
      }
    },
    HTTP_2("h2") {
      @Override
      byte[] request(String host, String path) {
        var fields = new ByteArrayOutputStream(); // RFC 7541: GET and https are in the static table
        fields.write(0x82);
        fields.write(0x87);
        literal(fields, 4, path);
        literal(fields, 1, host);
        var all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        all.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS
        all.writeBytes(new byte[] {0, 0, (byte) fields.size(), 1, 5, 0, 0, 0, 1}); // HEADERS, all
        all.writeBytes(fields.toByteArray());
        return all.toByteArray();
      }
    };

    private final String name;

    Speech(String name) {
      this.name = name;
    }

    abstract byte[] request(String host, String path);

    private static void literal(ByteArrayOutputStream into, int nameInTable, String value) {
      into.write(nameInTable);
      into.write(value.length());
      into.writeBytes(value.getBytes(US_ASCII));
    }
  }

  /**
   * Comes for an object, and goes when so many bytes of an answer are there.
   *
   * @throws IOException if they do not come
   */
  void pass(Speech speech, String path, int bytes) throws IOException, InterruptedException {
    var answered = new CompletableFuture<Integer>();
    SslContext tls = tls(speech);
    byte[] request = speech.request(host, path);
    Channel channel =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel opened) {
                    opened
                        .pipeline()
                        .addLast(
                            tls.newHandler(opened.alloc(), host, edge.getPort()),
                            new Asking(request, bytes, answered));
                  }
                })
            .connect(edge)
            .channel();
    try {
      answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no answer to " + speech, e);
    } finally {
      var _ = channel.close();
    }
  }

  private static SslContext tls(Speech speech) throws SSLException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.OPENSSL)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                speech.name))
        .build();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Asks once, and counts what comes. */
  private static final class Asking extends SimpleChannelInboundHandler<ByteBuf> {
    private final byte[] request;
    private final CompletableFuture<Integer> answered;
    private final int wanted;
    private int come;

    Asking(byte[] request, int wanted, CompletableFuture<Integer> answered) {
      this.request = request;
      this.wanted = wanted;
      this.answered = answered;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess()) {
        var _ = context.writeAndFlush(Unpooled.wrappedBuffer(request));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      come += bytes.readableBytes();
      if (come >= wanted) {
        answered.complete(come);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answered.completeExceptionally(new IOException("closed after %d bytes".formatted(come)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answered.completeExceptionally(cause);
    }
  }
}
