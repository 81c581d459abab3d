package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * One call on its stream: request and answer flow at the same time, each at its reader's pace, and
 * either side may end first. State is the loop's.
 */
final class Call extends ChannelInboundHandlerAdapter
    implements AnswerFlow.Source, BodyPump.Listener {
  private static final String BROKEN = "The origin broke the call off.";

  private final Ask ask;
  private final long endNanos;
  private final Limits limits;
  private final Clock clock;
  private final LongAdder lent;
  private final Asker asker;

  private volatile @Nullable Channel channel;
  private volatile @Nullable String givenUp;
  private State state = State.NOT_SENT;
  private int informational;
  private boolean callsBack;
  private long touchedNanos;
  private long reset = -1;
  private @Nullable BodyPump pump;
  private @Nullable AnswerFlow flow;
  private @Nullable Future<?> timer;

  /** Who asked; called on the loop. */
  interface Asker {
    /** The head of the answer came, or will not come. Once. */
    void hears(Outcome outcome);
  }

  private enum State {
    NOT_SENT,
    HEAD,
    BODY,
    DONE
  }

  Call(Errand errand, Limits limits, Clock clock, LongAdder lent, Asker asker) {
    this.ask = errand.ask();
    this.endNanos = errand.endNanos();
    this.limits = limits;
    this.clock = clock;
    this.lent = lent;
    this.asker = asker;
  }

  /** Gives up, from any thread. */
  void abort(String why) {
    givenUp = why;
    @Nullable Channel begun = channel;
    if (begun != null) {
      try {
        begun.eventLoop().execute(() -> fail(why));
      } catch (RejectedExecutionException e) {
        return; // the loop has ended, and the call with it
      }
    }
  }

  private void fail(String why) {
    breakOff(502, Reason.REQUEST_TIMEOUT, why);
  }

  /** No stream came about, so nothing was sent. On any thread. */
  void unsent(String why) {
    state = State.DONE;
    asker.hears(new Outcome.Broke(502, Reason.ORIGIN_BROKE_OFF, why, false, false));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  private Channel channel() {
    @Nullable Channel known = channel;
    if (known == null) {
      throw new IllegalStateException("a call without a stream");
    }
    return known;
  }

  /**
   * Sends the request. On the loop.
   *
   * @param unusable told if the connection takes no more streams
   */
  void begin(Runnable unusable) {
    @Nullable String why = givenUp;
    if (why != null) {
      fail(why);
      return;
    }
    touch();
    var _ =
        channel()
            .writeAndFlush(new DefaultHttp2HeadersFrame(head(), ask.bodyLength() == 0))
            .addListener(written -> {
              if (written.isSuccess()) {
                sent();
              } else if (state != State.DONE) {
                unusable.run();
                unsent(String.valueOf(written.cause().getMessage()));
              }
            });
  }

  private Http2Headers head() {
    Http2Headers head =
        new DefaultHttp2Headers().method(ask.method()).scheme("https").path(ask.target());
    ask.fields()
        .forEach((name, value) -> {
          if (name.equals("Host")) {
            head.authority(value);
          } else {
            head.add(name.toLowerCase(Locale.ROOT), value.strip());
          }
        });
    return head.set("te", "trailers"); // an intermediary has to let them through (gRPC over HTTP2)
  }

  private void sent() {
    if (state != State.NOT_SENT) {
      return;
    }
    state = State.HEAD;
    touch();
    if (ask.bodyLength() != 0) {
      pump = new BodyPump(channel(), ask.body(), ask.bodyLength(), this, new Frames(channel()));
      pump.pump();
    }
    channel().read();
    look();
  }

  private record Frames(Channel channel) implements BodyPump.Wire {
    @Override
    public ChannelFuture part(ByteBuf bytes) {
      return channel.write(new DefaultHttp2DataFrame(bytes));
    }

    @Override
    public void last() {
      var _ = channel.writeAndFlush(new DefaultHttp2DataFrame(true));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    touch();
    try {
      switch (message) {
        case Http2HeadersFrame frame when state == State.HEAD -> head(frame);
        case Http2HeadersFrame frame when state == State.BODY -> trailers(frame);
        case Http2DataFrame frame when state == State.BODY -> data(frame);
        case Http2DataFrame _ when state == State.HEAD -> invalid("a body before its head");
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (state == State.HEAD || (state == State.BODY && flow != null && flow.isWaiting())) {
      var _ = context.channel().read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (pump != null) {
      pump.pump();
    }
  }

  private void head(Http2HeadersFrame frame) {
    int status = status(frame.headers());
    if (status < 200) {
      // RFC 9110, 15.2; 101 is not for HTTP/2 (RFC 9113, 8.6)
      boolean wrong = status < 100 || status == 101 || frame.isEndStream();
      if (wrong || ++informational > limits.wire().informational()) {
        invalid("an unexpected status " + status);
      }
      return;
    }
    @Nullable Fields fields = fields(frame.headers());
    if (fields == null) {
      return;
    }
    state = State.BODY;
    callsBack = Grpc.isType(fields.value("Content-Type"));
    AnswerFlow body = new AnswerFlow(channel().eventLoop(), this, lent);
    flow = body;
    boolean whole = frame.isEndStream();
    if (whole) {
      finish(Fields.empty());
    }
    asker.hears(new Outcome.Came(status, EndToEnd.ofResponse(fields), body, whole ? 0 : -1));
  }

  private static int status(Http2Headers headers) {
    @Nullable CharSequence status = headers.status();
    return status != null && status.toString().matches("[1-5][0-9][0-9]")
        ? Integer.parseInt(status.toString())
        : 0;
  }

  /** Returns the fields; null, and the call has ended, if they are not right. */
  private @Nullable Fields fields(Http2Headers headers) {
    if (headers.size() > limits.wire().fields()) {
      breakOff(502, Reason.ORIGIN_HEADER_TOO_LARGE, headers.size() + " fields");
      return null;
    }
    Fields.Builder fields = Fields.builder();
    try {
      for (Map.Entry<CharSequence, CharSequence> line : headers) {
        String name = line.getKey().toString();
        if (!name.startsWith(":")) {
          fields.add(name, line.getValue().toString());
        }
      }
    } catch (IllegalArgumentException e) {
      invalid(String.valueOf(e.getMessage()));
      return null;
    }
    return fields.build();
  }

  private void data(Http2DataFrame frame) {
    AnswerFlow reader = reader();
    if (frame.content().isReadable()) {
      reader.add(frame.content().retain());
    }
    if (frame.isEndStream() && state == State.BODY) {
      finish(Fields.empty());
    }
  }

  private void trailers(Http2HeadersFrame frame) {
    @Nullable Fields fields = fields(frame.headers());
    if (fields != null && frame.isEndStream()) {
      finish(EndToEnd.ofTrailers(fields));
    } else if (fields != null) {
      invalid("a second head");
    }
  }

  private AnswerFlow reader() {
    @Nullable AnswerFlow known = flow;
    if (known == null) {
      throw new IllegalStateException("a body without a head");
    }
    return known;
  }

  /** The answer is complete: what is still to come of the request is not needed. */
  private void finish(Fields after) {
    boolean sent = pump == null || pump.isDone();
    end(!sent);
    reader().end(after, null);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame frame) {
      reset = frame.errorCode(); // the stream closes when what came before is read
    }
    if (event instanceof Http2GoAwayFrame) {
      reset = Http2Error.REFUSED_STREAM.code(); // it was begun too late (RFC 9113, 6.8)
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    @Nullable Http2Error error = reset < 0 ? null : Http2Error.valueOf(reset);
    String why = error == null ? "the connection ended" : "the origin reset the call: " + error;
    breakOff(502, Reason.ORIGIN_BROKE_OFF, why, code(error), BROKEN);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    invalid(String.valueOf(cause.getMessage()));
  }

  /** What a reset says to a caller (gRPC over HTTP2, "Errors"). */
  private static int code(@Nullable Http2Error error) {
    return switch (error) {
      case null -> Grpc.UNAVAILABLE;
      case CANCEL -> Grpc.CANCELLED;
      case REFUSED_STREAM -> Grpc.UNAVAILABLE;
      case ENHANCE_YOUR_CALM -> Grpc.RESOURCE_EXHAUSTED;
      default -> Grpc.INTERNAL;
    };
  }

  @Override
  public void wanted() {
    if (state == State.BODY) {
      touch();
      channel().read();
    }
  }

  @Override
  public void cancelled() {
    if (state == State.BODY) {
      end(true);
    }
  }

  @Override
  public void progressed() {
    touch();
  }

  @Override
  public void failed(String why) {
    fail(why);
  }

  private void invalid(String why) {
    breakOff(502, Reason.ORIGIN_INVALID, why, Grpc.INTERNAL, BROKEN);
  }

  private void breakOff(int status, Reason reason, String detail) {
    breakOff(status, reason, detail, Grpc.UNAVAILABLE, BROKEN);
  }

  /**
   * Ends the call before its end. Whoever has its head already is told as the peer itself would
   * have told it, after the body.
   */
  private void breakOff(int status, Reason reason, String detail, int code, String sentence) {
    if (state == State.DONE) {
      return;
    }
    end(true);
    @Nullable AnswerFlow reader = flow;
    if (reader == null) {
      asker.hears(new Outcome.Broke(status, reason, detail, true, false));
    } else if (callsBack) {
      reader.end(Grpc.ending(code, sentence), reason);
    } else {
      reader.breakOff(detail);
    }
  }

  /** Nothing more is sent or read; a stream that is open on either side is cancelled. */
  private void end(boolean closes) {
    state = State.DONE;
    if (timer != null) {
      timer.cancel(false);
    }
    if (pump != null && !pump.isDone()) {
      pump.stop();
    }
    if (closes) {
      var _ = channel().close();
    }
  }

  private void touch() {
    touchedNanos = clock.nanos();
  }

  /**
   * Looks whether it takes too long. While the viewer may go on, nobody knows whose turn it is;
   * then the origin has as long for each part as it has for each part of any answer.
   */
  private void look() {
    if (state == State.DONE) {
      return;
    }
    long now = clock.nanos();
    if (endNanos - now <= 0) {
      late("it took longer than " + ask.patience().whole().toMillis() + " ms");
      return;
    }
    if (state == State.BODY && !reader().isWaiting()) {
      touch(); // the reader takes its time
    }
    boolean talks = pump != null && pump.waitsForSender();
    Duration limit = talks ? limits.tunnelIdle() : ask.patience().read();
    Duration silent = Duration.ofNanos(now - touchedNanos);
    if (silent.compareTo(limit) >= 0) {
      late("nothing came for " + limit.toMillis() + " ms");
      return;
    }
    long wait = Math.min(limit.minus(silent).toNanos(), ask.patience().read().toNanos());
    timer =
        channel()
            .eventLoop()
            .schedule(this::look, Math.min(wait, endNanos - now), TimeUnit.NANOSECONDS);
  }

  private void late(String why) {
    breakOff(
        504, Reason.ORIGIN_TIMEOUT, why, Grpc.UNAVAILABLE, "The origin took too long to answer.");
  }
}
