package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Flow;
import warmfront.distribution.Behavior;
import warmfront.distribution.Origin;
import warmfront.edge.Pictures;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.edge.step.Trailed;
import warmfront.http.Fields;
import warmfront.http.Method;

/** What an origin of gRPC may do wrong, and what becomes of the call. */
final class CallFaultsTest {
  @TempDir private static Path folder;
  private static X509Bundle leaf;

  @BeforeAll
  static void make_certificates() throws Exception {
    X509Bundle authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    leaf =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=origin")
            .addSanDnsName("origin.localhost")
            .buildIssuedBy(authority);
    Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
  }

  /** An origin that answers each head of a request by a script. */
  private static final class Scripted implements AutoCloseable {
    private final EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;
    private final AtomicInteger connections = new AtomicInteger();

    Scripted(Http2Settings settings, BiConsumer<ChannelHandlerContext, Http2FrameStream> script)
        throws Exception {
      SslContext tls =
          SslContextBuilder.forServer(leaf.toKeyManagerFactory())
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_2))
              .build();
      server =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      connections.incrementAndGet();
                      channel
                          .pipeline()
                          .addLast(
                              tls.newHandler(channel.alloc()),
                              Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
                              new Heads(script));
                    }
                  })
              .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
              .sync()
              .channel();
    }

    private static final class Heads extends ChannelInboundHandlerAdapter {
      private final BiConsumer<ChannelHandlerContext, Http2FrameStream> script;

      Heads(BiConsumer<ChannelHandlerContext, Http2FrameStream> script) {
        this.script = script;
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame head) {
          script.accept(context, head.stream());
        }
        ReferenceCountUtil.release(message);
      }
    }

    int port() {
      return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
      server.close().syncUninterruptibly();
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static Bench bench() {
    return new Bench(
        OriginRules.ONE_PROCESS,
        Limits.DEFAULT,
        NameService.system(),
        Optional.of(folder.resolve("ca.pem")));
  }

  private static OriginRequest call(int port) {
    Origin origin = Bench.custom("origin.localhost", port, 1, Duration.ofSeconds(10));
    Behavior behavior =
        new Behavior(
            "*",
            "site",
            Behavior.ViewerProtocol.ALLOW_ALL,
            Pictures.ALL,
            Set.of(Method.GET, Method.HEAD),
            Optional.of("p"),
            Optional.empty(),
            Behavior.Options.of(Behavior.Trait.GRPC));
    Route route =
        new Route(
            new Site(Pictures.distribution("E1", List.of(), origin, behavior), 1),
            behavior,
            Pictures.policy("p"),
            origin,
            Optional.empty());
    return new OriginRequest(
        route,
        Method.POST,
        "/a.B/c",
        Fields.of("Content-Type", "application/grpc"),
        "",
        Flow.of("\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII)),
        -1,
        true);
  }

  private static Http2Headers ok() {
    return new DefaultHttp2Headers().status("200").add("content-type", "application/grpc");
  }

  private static void send(ChannelHandlerContext context, Http2Frame frame) {
    var _ = context.writeAndFlush(frame);
  }

  private static void close(ChannelHandlerContext context) {
    // past the codec, which would wait for its streams
    var _ = context.pipeline().firstContext().close();
  }

  private static void head(ChannelHandlerContext context, Http2FrameStream stream) {
    send(context, new DefaultHttp2HeadersFrame(ok(), false).stream(stream));
  }

  /** Asks, and reads what begins as an answer to its end. */
  private static Trailed ended(Bench bench, Scripted origin) throws Exception {
    Fetched.Answered answered = bench.answered(call(origin.port()));
    assertThat(Reading.all(answered.body()).broken()).isNull();
    return (Trailed) answered.body();
  }

  private static Reason failure(BiConsumer<ChannelHandlerContext, Http2FrameStream> script)
      throws Exception {
    try (var origin = new Scripted(Http2Settings.defaultSettings(), script);
        var bench = bench()) {
      Fetched.Failed failed = bench.failed(call(origin.port()));
      assertThat(failed.status()).isEqualTo(502);
      return failed.reason();
    }
  }

  @Test
  void a_reset_after_the_head_is_told_after_the_body_by_its_code() throws Exception {
    try (var origin =
            new Scripted(
                Http2Settings.defaultSettings(),
                (context, stream) -> {
                  head(context, stream);
                  send(
                      context,
                      new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[9]), false)
                          .stream(stream));
                  send(
                      context,
                      new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM).stream(stream));
                });
        var bench = bench()) {
      Trailed body = ended(bench, origin);

      assertThat(body.trailers().value("grpc-status"))
          .isEqualTo(Integer.toString(Grpc.RESOURCE_EXHAUSTED));
      assertThat(body.fault()).isEqualTo(Reason.ORIGIN_BROKE_OFF);
    }
  }

  @Test
  void trailers_say_nothing_of_the_body_before_them_nor_what_edges_say() throws Exception {
    try (var origin =
            new Scripted(
                Http2Settings.defaultSettings(),
                (context, stream) -> {
                  head(context, stream);
                  Http2Headers after =
                      new DefaultHttp2Headers()
                          .add("grpc-status", "0")
                          .add("x-after", "a")
                          .add("set-cookie", "a=b")
                          .add("content-length", "7")
                          .add("warmfront-cache-status", "hit");
                  send(context, new DefaultHttp2HeadersFrame(after, true).stream(stream));
                });
        var bench = bench()) {
      Trailed body = ended(bench, origin);

      assertThat(body.trailers()).isEqualTo(Fields.of("grpc-status", "0", "x-after", "a"));
      assertThat(body.fault()).isNull();
    }
  }

  @Test
  void what_is_no_head_is_no_answer() throws Exception {
    assertThat(
            failure((context, stream) ->
                send(
                    context, new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(stream))))
        .isEqualTo(Reason.ORIGIN_BROKE_OFF);
    assertThat(
            failure((context, stream) -> {
              Http2Headers many = ok();
              for (int i = 0; i < 300; i++) {
                many.add("x-" + i, "");
              }
              send(context, new DefaultHttp2HeadersFrame(many, true).stream(stream));
            }))
        .isEqualTo(Reason.ORIGIN_HEADER_TOO_LARGE);
    assertThat(
            failure((context, stream) ->
                send(
                    context,
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("101"), false)
                        .stream(stream))))
        .isEqualTo(Reason.ORIGIN_INVALID);
    assertThat(failure((context, _) -> close(context))).isEqualTo(Reason.ORIGIN_BROKE_OFF);
  }

  @Test
  void a_connection_that_goes_away_is_not_used_again() throws Exception {
    try (var origin =
            new Scripted(
                Http2Settings.defaultSettings(),
                (context, stream) -> {
                  send(
                      context,
                      new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(0));
                  send(
                      context,
                      new DefaultHttp2HeadersFrame(ok().add("grpc-status", "0"), true)
                          .stream(stream));
                });
        var bench = bench()) {
      for (int i = 0; i < 3; i++) {
        Fetched.Answered answered = bench.answered(call(origin.port()));
        assertThat(answered.fields().value("grpc-status")).isEqualTo("0");
        assertThat(answered.bodyLength()).isZero();
        answered.body().cancel();
      }
      assertThat(origin.connections).hasValue(3);
    }
  }

  @Test
  void an_origin_that_allows_no_stream_fails_the_call() throws Exception {
    try (var origin =
            new Scripted(Http2Settings.defaultSettings().maxConcurrentStreams(0), (_, _) -> {});
        var bench = bench()) {
      assertThat(bench.failed(call(origin.port())).reason()).isEqualTo(Reason.ORIGIN_BROKE_OFF);
    }
  }
}
