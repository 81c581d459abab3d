package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Response;
import warmfront.http.Method;

/** One stream of an HTTP/2 connection: a request, and the way back to its viewer. */
final class Http2Exchange implements Reply, RequestBody.Source, Pump.Sink {
  /** Bytes of one response that may wait for the viewer's windows and socket. */
  private static final int ON_THE_WAY_MAX = 262_144;

  private final Http2 connection;
  private final Http2Stream stream;
  private final Received.@Nullable Accepted asked;
  private final EventLoop executor;
  private final RequestBody body;
  private @Nullable Pump pump;
  private Consumer<Delivery> whenSent = _ -> {};
  private boolean answered;
  private boolean continued;
  private boolean finished;
  private boolean broken;
  private boolean told;
  private long bytes;
  private long bodyBytes;
  private long firstByteNanos;
  private long left = -1;
  private int onTheWay;
  private long since;
  private volatile boolean gone;

  /**
   * Makes an exchange.
   *
   * @param asked the request, or null if it is refused
   */
  Http2Exchange(Http2 connection, Http2Stream stream, Received.@Nullable Accepted asked) {
    this.connection = connection;
    this.stream = stream;
    this.asked = asked;
    executor = connection.loop().executor();
    body = new RequestBody(executor, this);
    since = connection.loop().nanos();
  }

  RequestBody body() {
    return body;
  }

  /** Takes over a part of the request's body. */
  void data(ByteBuf part) {
    continued = true;
    since = connection.loop().nanos();
    long max = connection.loop().limits().message().bodyBytesMax();
    if (body.received() + part.readableBytes() > max) {
      part.release();
      body.breakOff("the request's body is too large");
      connection.reset(stream, Http2Error.CANCEL);
      return;
    }
    body.offer(part);
  }

  @Override
  public void wanted() {
    since = connection.loop().nanos();
    if (asked != null && asked.continueExpected() && !continued && !answered && !gone) {
      Http2Headers go = new DefaultHttp2Headers().status("100");
      ChannelHandlerContext context = connection.context();
      var _ =
          connection
              .encoder()
              .writeHeaders(context, stream.id(), go, 0, false, context.newPromise());
      connection.flushSoon();
    }
    continued = true;
  }

  @Override
  public void taken(int count) {
    if (!gone) {
      connection.credit(stream, count);
    }
  }

  @Override
  public void left() {}

  @Override
  public void send(Response response, Consumer<Delivery> told) {
    if (executor.inEventLoop()) {
      sendHere(response, told);
      return;
    }
    try {
      executor.execute(() -> sendHere(response, told));
    } catch (RejectedExecutionException e) {
      unsent(response.body(), told); // the loop has ended, and the viewer with it
    }
  }

  /** Sends a response without its body. */
  void sendHead(Response response, Consumer<Delivery> told) {
    Bodies.discard(response.body());
    sendHere(
        new Response(response.head(), response.stamp(), new Body.None(), response.close()), told);
  }

  private void sendHere(Response response, Consumer<Delivery> told) {
    if (gone || answered) {
      unsent(response.body(), told);
      return;
    }
    answered = true;
    whenSent = told;
    since = connection.loop().nanos();
    firstByteNanos = since;
    boolean bodiless =
        Bodies.bodiless(response.head().status())
            || (asked != null && asked.method().equals(Method.HEAD));
    Body sent = response.body();
    if (bodiless) {
      Bodies.discard(sent);
      sent = new Body.None();
    }
    Http2Headers headers = Http2Form.headers(response, connection.loop(), connection.door());
    switch (sent) {
      case Body.None() -> head(headers, true);
      case Body.Pinned pinned -> {
        head(headers, false);
        finished = true;
        ByteBuf part = Bodies.view(pinned.slice());
        data(part.retainedSlice(pinned.offset(), pinned.length()), pinned.slice(), true);
      }
      case Body.Flowing flowing -> {
        left = response.head().contentLength();
        Pump reader = new Pump(executor, flowing.flow(), this);
        pump = reader;
        head(headers, false);
        reader.run();
      }
    }
    connection.flushSoon();
  }

  private void unsent(Body unsent, Consumer<Delivery> told) {
    Bodies.discard(unsent);
    long now = connection.loop().nanos();
    told.accept(new Delivery(0, 0, now, now, false, body.received()));
  }

  private void head(Http2Headers headers, boolean last) {
    finished = last;
    ChannelHandlerContext context = connection.context();
    connection
        .encoder()
        .writeHeaders(context, stream.id(), headers, 0, last, context.newPromise())
        .addListener(new Part(null, Http2Form.size(headers), 0, last));
  }

  private void data(ByteBuf part, @Nullable Slice slice, boolean last) {
    int length = part.readableBytes();
    onTheWay += length;
    ChannelHandlerContext context = connection.context();
    connection
        .encoder()
        .writeData(context, stream.id(), part, 0, last, context.newPromise())
        .addListener(new Part(slice, length, length, last));
  }

  @Override
  public boolean ready() {
    return !gone && onTheWay < ON_THE_WAY_MAX;
  }

  @Override
  public void part(Slice part) {
    int length = part.length();
    if (left >= 0 && length > left) {
      part.release();
      stop();
      broken("the body is longer than its Content-Length");
      return;
    }
    left -= left >= 0 ? length : 0;
    data(Bodies.view(part).retainedSlice(0, length), part, false);
  }

  @Override
  public void end() {
    if (left > 0) {
      broken("the body is shorter than its Content-Length");
      return;
    }
    finished = true;
    data(Unpooled.EMPTY_BUFFER, null, true);
    connection.flushSoon();
  }

  @Override
  public void broken(String reason) {
    broken = true;
    connection.reset(stream, Http2Error.INTERNAL_ERROR);
  }

  @Override
  public void pause() {
    connection.flushSoon();
  }

  /** The stream has ended, in whatever way. */
  void closed() {
    gone = true;
    body.breakOff("the viewer is gone");
    if (answered && !finished) {
      finished = true;
      broken = true;
      stop();
      deliver();
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  /** Ends the stream if the viewer neither sends nor takes what is waited for. */
  void sweep(long now, long limitNanos) {
    boolean waits = body.waiting() || onTheWay > 0;
    if (waits && now - since > limitNanos) {
      body.breakOff("the request's body did not come");
      connection.reset(stream, Http2Error.CANCEL);
    }
  }

  @Override
  public Executor loop() {
    return executor;
  }

  @Override
  public boolean gone() {
    return gone;
  }

  private void deliver() {
    if (told) {
      return;
    }
    told = true;
    long end = connection.loop().nanos();
    whenSent.accept(new Delivery(bytes, bodyBytes, firstByteNanos, end, !broken, body.received()));
  }

  private void delivered() {
    deliver();
    body.cancel();
    // RFC 9113, 8.1: the response is complete, the rest of the request is not needed
    if (!gone && stream.state().remoteSideOpen()) {
      connection.reset(stream, Http2Error.NO_ERROR);
    }
  }

  /** A part that is on its way. */
  private final class Part implements ChannelFutureListener {
    private final @Nullable Slice slice;
    private final int size;
    private final int content;
    private final boolean last;

    Part(@Nullable Slice slice, int size, int content, boolean last) {
      this.slice = slice;
      this.size = size;
      this.content = content;
      this.last = last;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      onTheWay -= content;
      since = connection.loop().nanos();
      if (slice != null) {
        slice.release();
      }
      if (written.isSuccess()) {
        bytes += size;
        bodyBytes += content;
      } else {
        broken = true;
      }
      if (last) {
        delivered();
      } else if (written.isSuccess() && pump != null) {
        pump.run();
      }
    }
  }
}
