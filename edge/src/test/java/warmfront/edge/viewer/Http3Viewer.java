package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A viewer over HTTP/3 by another's hand: Netty's codec says and reads the frames. */
final class Http3Viewer implements AutoCloseable {
  /** A response: its heads, interim ones first, and its body's bytes. */
  record Answer(List<Http3Headers> heads, String body) {
    int status() {
      return Integer.parseInt(String.valueOf(heads.getLast().status()));
    }

    Optional<String> field(String name) {
      return Optional.ofNullable(heads.getLast().get(name)).map(CharSequence::toString);
    }
  }

  final QuicViewer quic;

  Http3Viewer(Edge edge, String name) throws Exception {
    this(edge.secure, name, QuicViewer.context(edge.authority));
  }

  Http3Viewer(InetSocketAddress to, String name, QuicSslContext tls) throws Exception {
    quic = new QuicViewer(to, name, tls, new Http3ClientConnectionHandler());
  }

  Answer get(String target) throws Exception {
    return get(target, "a.example");
  }

  Answer get(String target, String host) throws Exception {
    List<String> more = List.of(":authority", host);
    return send("GET", target, new byte[0], more).get(10, TimeUnit.SECONDS);
  }

  /** Sends a request; more of its fields are given as name, value. */
  CompletableFuture<Answer> send(String method, String target, byte[] body, List<String> more)
      throws Exception {
    Receiving receiving = new Receiving();
    QuicStreamChannel stream =
        io.netty.handler.codec.http3.Http3.newRequestStream(quic.channel, receiving).get();
    Http3Headers head = new DefaultHttp3Headers();
    head.method(method).scheme("https").path(target).authority("a.example");
    for (int i = 0; i < more.size(); i += 2) {
      if (more.get(i).equals(":authority")) {
        head.authority(more.get(i + 1));
      } else {
        head.add(more.get(i), more.get(i + 1));
      }
    }
    if (body.length == 0) {
      stream
          .writeAndFlush(new DefaultHttp3HeadersFrame(head))
          .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    } else {
      var _ = stream.write(new DefaultHttp3HeadersFrame(head));
      ByteBuf out = stream.alloc().directBuffer(body.length).writeBytes(body);
      stream
          .writeAndFlush(new DefaultHttp3DataFrame(out))
          .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }
    return receiving.answer;
  }

  @Override
  public void close() {
    quic.close();
  }

  private static final class Receiving extends Http3RequestStreamInboundHandler {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final List<Http3Headers> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
      heads.add(frame.headers());
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
      body.writeBytes(ByteBufUtil.getBytes(frame.content()));
      frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
      answer.complete(new Answer(heads, body.toString(ISO_8859_1)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      answer.completeExceptionally(new IllegalStateException("the stream ended early"));
      super.channelInactive(context);
    }
  }
}
