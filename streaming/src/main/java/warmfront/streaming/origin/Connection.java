package warmfront.streaming.origin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.streaming.segment.Answer;

/** One who asks: a request after another, on one event loop. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  /** Requests that may come before the answers to those before them have left. */
  private static final int PIPELINED_MAX = 16;

  private static final long NOT_LOOKED = -1;

  private final Door door;
  private final Deque<Asking> queue = new ArrayDeque<>();
  private @Nullable Reply reply;
  private @Nullable ScheduledFuture<?> patience;
  private long unsent = NOT_LOOKED;
  private boolean entered;
  private boolean over;

  Connection(Door door) {
    this.door = door;
  }

  /** An answer that takes its time. On the connection's loop. */
  interface Reply {
    /** Lets go of what it holds: the connection has ended. */
    void abandon();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    entered = door.enter();
    if (!entered) {
      var _ = context.close();
      return;
    }
    idle(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    rest();
    @Nullable Reply current = reply;
    reply = null;
    if (current != null) {
      current.abandon();
    }
    if (entered) {
      entered = false;
      door.leave();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // What a peer does to its connection is no news.
    var _ = context.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (over || !(message instanceof HttpRequest request)) {
      return;
    }
    if (queue.size() >= PIPELINED_MAX) {
      over = true;
      var _ = context.close();
      return;
    }
    Asking asking = Asking.of(request);
    over = asking.isLast();
    queue.add(asking);
    if (reply == null && queue.size() == 1) {
      next(context);
    }
  }

  private void next(ChannelHandlerContext context) {
    @Nullable Asking asking = queue.peek();
    if (asking == null) {
      idle(context);
      return;
    }
    rest();
    door.counted();
    if (asking.isBad()) {
      say(
          context,
          asking,
          door.heads().said(HttpResponseStatus.BAD_REQUEST, "not a request for media"));
    } else if (asking.method().equals(HttpMethod.OPTIONS)) {
      say(context, asking, door.heads().permission());
    } else if (!asking.isHead() && !asking.method().equals(HttpMethod.GET)) {
      FullHttpResponse refusal =
          door.heads().said(HttpResponseStatus.METHOD_NOT_ALLOWED, "GET and HEAD only");
      refusal.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD, OPTIONS");
      say(context, asking, refusal);
    } else {
      serve(context, asking);
    }
  }

  private void serve(ChannelHandlerContext context, Asking asking) {
    switch (Target.read(asking.target())) {
      case Target.Unknown _ -> missing(context, asking, "nothing has this name");
      case Target.Malformed(String reason) ->
          say(context, asking, door.heads().said(HttpResponseStatus.BAD_REQUEST, reason));
      case Target.Time _ ->
          say(
              context,
              asking,
              door.heads()
                  .said(
                      HttpResponseStatus.OK,
                      door.clock().now().truncatedTo(ChronoUnit.MILLIS).toString()));
      case Target.Flv(String channel) -> FlvReply.begin(door, this, context, asking, channel);
      case Target.OfChannel of ->
          door.stations()
              .of(of.channel())
              .ifPresentOrElse(
                  station -> {
                    MediaReply media =
                        new MediaReply(door, this, context, asking, station, of.resource());
                    replying(media);
                    media.turn();
                  },
                  () -> missing(context, asking, "there is no such channel"));
    }
  }

  /** Remembers an answer that takes its time. */
  void replying(Reply slow) {
    reply = slow;
  }

  /** Answers 404, which nobody keeps. */
  void missing(ChannelHandlerContext context, Asking asking, String why) {
    say(context, asking, door.heads().said(HttpResponseStatus.NOT_FOUND, why));
  }

  /** Answers with a short text, and is done with the request. */
  void say(ChannelHandlerContext context, Asking asking, FullHttpResponse response) {
    HttpUtil.setKeepAlive(response, !asking.isLast());
    if (asking.isHead()) {
      response.content().clear();
    }
    var _ = context.write(response);
    done(context, asking);
  }

  /** Answers with all of something, and is done with the request. */
  void send(ChannelHandlerContext context, Asking asking, Answer.Whole whole) {
    HttpResponse head = door.heads().found(whole.type(), whole.cacheControl());
    long length = whole.pieces().stream().mapToLong(Slice::length).sum();
    HttpUtil.setContentLength(head, length);
    HttpUtil.setKeepAlive(head, !asking.isLast());
    var _ = context.write(head);
    if (!asking.isHead()) {
      for (Slice piece : whole.pieces()) {
        var _ = context.write(Unpooled.wrappedBuffer(piece.buffer()));
      }
    }
    var _ = context.write(LastHttpContent.EMPTY_LAST_CONTENT);
    done(context, asking);
  }

  /** Begins an answer whose length is not known; HTTP/1.0 has it until the connection ends. */
  void begin(ChannelHandlerContext context, Asking asking, String type, String cacheControl) {
    HttpResponse head = door.heads().found(type, cacheControl);
    if (!asking.isPlain()) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    HttpUtil.setKeepAlive(head, !asking.isLast());
    var _ = context.write(head);
  }

  /** Ends an answer that was begun, and is done with the request. */
  void end(ChannelHandlerContext context, Asking asking) {
    var _ = context.write(new DefaultLastHttpContent());
    done(context, asking);
  }

  private void done(ChannelHandlerContext context, Asking asking) {
    queue.poll();
    reply = null;
    context.flush();
    if (asking.isLast()) {
      over = true;
      unsent = NOT_LOOKED;
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      after(context, door.limits().stall().toNanos());
    } else {
      next(context);
    }
  }

  /** Ends the connection unless a request comes in time. */
  private void idle(ChannelHandlerContext context) {
    unsent = NOT_LOOKED;
    after(context, door.limits().idle().toNanos());
  }

  private void after(ChannelHandlerContext context, long nanos) {
    rest();
    patience = context.executor().schedule(() -> tire(context), nanos, TimeUnit.NANOSECONDS);
  }

  /** Nothing was asked for in time: one who is still being sent something has a little longer. */
  private void tire(ChannelHandlerContext context) {
    @Nullable ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    long left = out == null ? 0 : out.totalPendingWriteBytes();
    if (left == 0 || left == unsent) {
      var _ = context.close();
    } else {
      unsent = left;
      after(context, door.limits().stall().toNanos());
    }
  }

  private void rest() {
    @Nullable ScheduledFuture<?> current = patience;
    if (current != null) {
      current.cancel(false);
      patience = null;
    }
  }
}
