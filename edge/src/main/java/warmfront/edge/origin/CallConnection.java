package warmfront.edge.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.time.Clock;

/**
 * A connection over HTTP/2 to a peer, with a call on each stream. It takes calls until the peer
 * says that it goes away or its stream numbers are used up, and is closed when it has had none for
 * a while. Streams are reserved by any thread; all else is the loop's.
 */
final class CallConnection extends ChannelInboundHandlerAdapter {
  /** In the place of the number of calls: no more of them. */
  private static final int CLOSED = Integer.MIN_VALUE;

  private final Channel channel;
  private final Clock clock;
  private final Limits limits;
  private final Duration keepAlive;
  private final Consumer<CallConnection> gone;
  private final CompletableFuture<String> greeted = new CompletableFuture<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile int callsMax;
  private volatile boolean retired;
  private long heardNanos;
  private boolean heard;
  private boolean pinged;
  private @Nullable Future<?> idle;

  /**
   * Puts one at the end of a new channel's pipeline.
   *
   * @param gone is told when it takes no more calls
   */
  CallConnection(
      Channel channel,
      Clock clock,
      Limits limits,
      Duration keepAlive,
      Consumer<CallConnection> gone) {
    this.channel = channel;
    this.clock = clock;
    this.limits = limits;
    this.keepAlive = keepAlive;
    this.gone = gone;
    this.heardNanos = clock.nanos();
    channel.pipeline().addLast(new Speech(), this);
  }

  /** Completes when calls can be made; with what is wrong, else empty. */
  Future<String> greeted() {
    return greeted;
  }

  boolean isRetired() {
    return retired;
  }

  /** Reserves a stream for a call, which is started or released; false if there is none. */
  boolean reserve() {
    while (true) {
      int now = calls.get();
      if (retired || now < 0 || now >= callsMax) {
        return false;
      }
      if (calls.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Starts a call on the stream that was reserved for it, from any thread. */
  void start(Call call) {
    try {
      channel.eventLoop().execute(() -> open(call));
    } catch (RejectedExecutionException e) {
      call.unsent("the edge is stopping");
    }
  }

  private void open(Call call) {
    listen();
    var _ =
        new Http2StreamChannelBootstrap(channel)
            .option(ChannelOption.AUTO_READ, false)
            .handler(call)
            .open()
            .addListener(opened -> {
              if (opened.isSuccess()) {
                var stream = (Http2StreamChannel) opened.getNow();
                var _ = stream.closeFuture().addListener(_ -> released());
                call.begin(this::retire);
              } else {
                retire();
                released();
                call.unsent(String.valueOf(opened.cause().getMessage()));
              }
            });
  }

  /** A peer that was silent for long may be gone without a word: it has to say something soon. */
  private void listen() {
    long now = clock.nanos();
    if (pinged || now - heardNanos < limits.calls().quiet().toNanos()) {
      return;
    }
    pinged = true;
    heard = false;
    var _ = channel.writeAndFlush(new DefaultHttp2PingFrame(now));
    long patience = limits.calls().ping().toNanos();
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  pinged = false;
                  if (!heard) {
                    close();
                  }
                },
                patience,
                TimeUnit.NANOSECONDS);
  }

  /** Gives back a stream that no call was started on, from any thread. */
  void release() {
    try {
      channel.eventLoop().execute(this::released);
    } catch (RejectedExecutionException e) {
      return; // the loop has ended, and the connection with it
    }
  }

  private void released() {
    if (calls.decrementAndGet() > 0) {
      return;
    }
    if (idle != null) {
      idle.cancel(false);
    }
    if (retired) {
      close();
      return;
    }
    ScheduledFuture<?> due =
        channel.eventLoop().schedule(this::look, keepAlive.toNanos(), TimeUnit.NANOSECONDS);
    idle = due;
  }

  private void look() {
    if (calls.compareAndSet(0, CLOSED)) {
      retire();
      close();
    }
  }

  /** Takes no more calls; those under way go on. */
  private void retire() {
    if (!retired) {
      retired = true;
      gone.accept(this);
    }
    if (calls.compareAndSet(0, CLOSED)) {
      close();
    }
  }

  /** Ends it, and the calls that are under way, from any thread. */
  void close() {
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof Http2SettingsFrame frame) {
        @Nullable Long most = frame.settings().maxConcurrentStreams();
        int own = limits.calls().streams();
        if (most != null) {
          callsMax = (int) Math.min(own, most);
        } else if (!greeted.isDone()) {
          callsMax = own;
        }
        greeted.complete("");
      } else if (message instanceof Http2GoAwayFrame) {
        retire();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    greeted.complete("ended the connection before it said anything");
    retire();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    retire();
    close();
  }

  private Http2FrameCodec codec() {
    int window = limits.calls().windowBytes();
    Http2FrameCodecBuilder builder = Http2FrameCodecBuilder.forClient();
    builder.initialSettings(
        Http2Settings.defaultSettings()
            .pushEnabled(false)
            .initialWindowSize(window)
            .maxHeaderListSize(limits.wire().headBytes()));
    return builder.gracefulShutdownTimeoutMillis(0).build();
  }

  /** Puts HTTP/2 before the connection when the handshake has agreed on it. */
  private final class Speech extends ApplicationProtocolNegotiationHandler {
    Speech() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol)
        throws Http2Exception {
      if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        greeted.complete("does not speak HTTP/2");
        var _ = context.close();
        return;
      }
      Http2FrameCodec codec = codec();
      context.pipeline().addAfter(context.name(), "ears", new Ears());
      context.pipeline().addAfter("ears", "codec", codec);
      context.pipeline().addAfter("codec", "streams", new Http2MultiplexHandler(new Unasked()));
      Http2Connection connection = codec.connection();
      int all = limits.calls().windowBytes() * (limits.calls().streams() - 1);
      connection.local().flowController().incrementWindowSize(connection.connectionStream(), all);
      context.flush();
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close(); // the connector tells
    }
  }

  /** A stream that the peer begins, which it was told not to do. */
  private static final class Unasked extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      var _ = stream.close();
    }
  }

  /** Notes that the peer said something, whatever it is. */
  private final class Ears extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      heardNanos = clock.nanos();
      heard = true;
      context.fireChannelRead(message);
    }
  }
}
