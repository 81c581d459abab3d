package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Tls;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

/** One HTTP/2 connection (RFC 9113): Netty frames, counts and orders; requests begin here. */
final class Http2 extends Http2ConnectionHandler implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Http2.class);

  /** What all streams may have sent before it is taken, as a multiple of what one may. */
  private static final int WINDOWS = 8;

  /**
   * What a connection belongs to.
   *
   * @param door where it came in
   * @param tls its session
   */
  record Wire(Channel channel, Loop loop, Door door, Tls tls) {}

  private final Wire wire;
  private final Channel channel;
  private final Loop loop;
  private final PropertyKey exchanges;
  private final InetSocketAddress viewer;
  private @Nullable ChannelHandlerContext context;
  private boolean reading;
  private long since;

  Http2(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Wire wire) {
    super(decoder, encoder, settings);
    this.wire = wire;
    channel = wire.channel;
    loop = wire.loop;
    viewer = (InetSocketAddress) channel.remoteAddress();
    exchanges = connection().newKey();
    since = loop.nanos();
    decoder.frameListener(new Events());
    connection().addListener(new Ends());
  }

  Loop loop() {
    return loop;
  }

  Door door() {
    return wire.door;
  }

  Channel channel() {
    return channel;
  }

  /** Returns the context that frames are written with. */
  ChannelHandlerContext context() {
    ChannelHandlerContext known = context;
    if (known == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return known;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    super.handlerAdded(added);
    Http2Stream all = connection().connectionStream();
    int held = loop.limits().connection().heldBytesMax();
    decoder().flowController().incrementWindowSize(all, (WINDOWS - 1) * held);
    loop.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext reads, Object message) throws Exception {
    reading = true;
    super.channelRead(reads, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reads) throws Exception {
    reading = false;
    super.channelReadComplete(reads); // flushes
  }

  @Override
  public void channelInactive(ChannelHandlerContext ended) throws Exception {
    loop.remove(this);
    super.channelInactive(ended);
  }

  /** Sends what was written: at once, or after the batch that is being read. */
  void flushSoon() {
    if (!reading && channel.isActive()) {
      flush(context());
    }
  }

  /** Gives the viewer room for as many bytes of a body as were taken. */
  void credit(Http2Stream stream, int bytes) {
    Http2LocalFlowController window = connection().local().flowController();
    try {
      if (window.consumeBytes(stream, bytes)) {
        flushSoon();
      }
    } catch (Http2Exception e) {
      onError(context(), true, e);
    }
  }

  /** Ends a stream with an error, or with none if its response is complete. */
  void reset(Http2Stream stream, Http2Error error) {
    var _ = resetStream(context(), stream.id(), error.code(), context().newPromise());
    flushSoon();
  }

  @Override
  protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext read, Http2Stream stream) {
    refuse(
        stream,
        new Refusal(494, Reason.HEADER_TOO_LARGE, "The request's header is too large."),
        false);
  }

  private void begin(Http2Stream stream, Http2Headers headers, boolean ended) {
    since = loop.nanos();
    switch (new Http2Parser(loop.limits().message()).parse(headers, ended)) {
      case Accepted accepted when accepted.bodyLength() > loop.limits().message().bodyBytesMax() ->
          refuse(
              stream,
              new Refusal(413, Reason.BODY_TOO_LARGE, "The request's body is too large."),
              true);
      case Accepted accepted -> accept(stream, accepted);
      case Refusal refusal -> refuse(stream, refusal, true);
    }
  }

  private void accept(Http2Stream stream, Accepted asked) {
    Http2Exchange exchange = new Http2Exchange(this, stream, asked);
    stream.setProperty(exchanges, exchange);
    if (asked.bodyLength() == 0) {
      exchange.body().complete();
    }
    loop.tally().request();
    Request request =
        new Request(
            loop.nextId(),
            asked.method(),
            asked.host(),
            asked.path(),
            asked.query(),
            asked.fields(),
            exchange.body(),
            asked.bodyLength(),
            asked.protocol(),
            Optional.of(wire.tls),
            wire.door.place(),
            viewer,
            asked.headBytes(),
            since);
    try {
      loop.setup().handler().handle(request, exchange);
    } catch (RuntimeException e) {
      LOG.error("request {} failed", request.id(), e);
      String detail = "The edge failed to serve this request.";
      exchange.send(ErrorPage.response(500, detail, request.id(), false), _ -> {});
    }
  }

  private void refuse(Http2Stream stream, Refusal refusal, boolean page) {
    loop.tally().refused(refusal.reason());
    String id = loop.nextId();
    if (refusal.status() == 400) {
      reset(stream, Http2Error.PROTOCOL_ERROR);
      refused(id, refusal, new Delivery(0, 0, since, since, false, 0));
      return;
    }
    Http2Exchange exchange = new Http2Exchange(this, stream, null);
    stream.setProperty(exchanges, exchange);
    Response whole = ErrorPage.response(refusal.status(), refusal.detail(), id, false);
    if (page) {
      exchange.send(whole, sent -> refused(id, refusal, sent));
    } else {
      exchange.sendHead(whole, sent -> refused(id, refusal, sent));
    }
  }

  private void refused(String id, Refusal refusal, Delivery sent) {
    loop.setup().handler().refused(wire.door.place(), id, refusal.status(), refusal.reason(), sent);
  }

  private @Nullable Http2Exchange exchange(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(exchanges);
  }

  @Override
  public void sweep(long now) {
    Limits.Times times = loop.limits().times();
    if (connection().numActiveStreams() == 0) {
      if (now - since > times.idle().toNanos()) {
        var _ = channel.close();
      }
      return;
    }
    try {
      connection()
          .forEachActiveStream(stream -> {
            Http2Exchange exchange = exchange(stream);
            if (exchange != null) {
              exchange.sweep(now, times.stall().toNanos());
            }
            return true;
          });
    } catch (Http2Exception e) {
      onError(context(), true, e);
    }
  }

  @Override
  public void drain() {
    var _ = channel.close(); // GOAWAY, and the end when the last stream has ended
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext read,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    if (error == null && !(cause instanceof java.io.IOException)) {
      LOG.error("connection of {} failed", viewer, cause);
    } else {
      LOG.debug("connection of {} ended: {}", viewer, cause.toString());
    }
    if (!outbound) {
      loop.tally().refused(Reason.MALFORMED);
    }
    super.onConnectionError(read, outbound, cause, error);
  }

  /** What the viewer sends. */
  private final class Events extends Http2EventAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext read, int id, Http2Headers headers, int padding, boolean ended) {
      Http2Stream stream = connection().stream(id);
      Http2Exchange known = exchange(stream);
      if (known == null) {
        begin(stream, headers, ended);
      } else if (ended) {
        known.body().complete(); // and the trailers are dropped
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext read,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean ended) {
      onHeadersRead(read, id, headers, padding, ended);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext read, int id, ByteBuf data, int padding, boolean ended) {
      int bytes = data.readableBytes();
      Http2Exchange known = exchange(connection().stream(id));
      if (known == null) {
        return bytes + padding;
      }
      if (bytes > 0) {
        known.data(data.retainedSlice());
      }
      if (ended) {
        known.body().complete();
      }
      return padding;
    }
  }

  /** How streams end. */
  private final class Ends extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      since = loop.nanos();
      Http2Exchange ended = exchange(stream);
      if (ended != null) {
        ended.closed();
      }
    }
  }
}
