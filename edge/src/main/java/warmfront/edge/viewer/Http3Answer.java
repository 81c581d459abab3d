package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Response;

/**
 * The way back to the viewer of one request over HTTP/3. What QUIC does not take at once waits in
 * its stream's queue; a body's pin goes when all of it is taken.
 */
final class Http3Answer implements Reply, Pump.Sink {
  /** Bytes of one response that may wait for the viewer's windows. */
  private static final int WAITING_MAX = 262_144;

  /** A body up to this length is copied behind its head and sent with it. */
  private static final int COPIED_MAX = 16_384;

  /** The heads of two frames: a byte of type, and a length. */
  private static final int FRAMES_BYTES = 2 * (1 + Long.BYTES);

  /** How many times as long one response may stand still while others of its connection move. */
  private static final int TURNS = 10;

  private final Http3Stream stream;
  private final Http3 connection;
  private final QuicStreamChannel channel;
  private final EventLoop executor;
  private final boolean headAsked;
  private @Nullable Pump pump;
  private long flowLeft = -1;
  private boolean framed; // whether one frame of the body is begun that holds all of it
  private Consumer<Delivery> whenSent = _ -> {};
  private boolean answered;
  private boolean told;
  private long waiting;
  private long bytes;
  private long bodyBytes;
  private long firstByteNanos;
  private @Nullable Written first; // of those that are not taken to the end
  private @Nullable Written latest;
  private @Nullable Pace pace; // of those alone that wait at a sweep
  private @Nullable Pace patience;
  private volatile boolean gone;

  Http3Answer(Http3Stream stream, boolean headAsked) {
    this.stream = stream;
    this.headAsked = headAsked;
    connection = stream.connection();
    channel = stream.channel();
    executor = connection.loop().executor();
  }

  @Override
  public void send(Response response, Consumer<Delivery> listener) {
    if (executor.inEventLoop()) {
      sendHere(response, listener);
      return;
    }
    try {
      executor.execute(() -> sendHere(response, listener));
    } catch (RejectedExecutionException e) {
      unsent(response.body(), listener); // the loop has ended, and the viewer with it
    }
  }

  private void sendHere(Response response, Consumer<Delivery> listener) {
    if (gone || answered) {
      unsent(response.body(), listener);
      return;
    }
    answered = true;
    whenSent = listener;
    firstByteNanos = connection.loop().nanos();
    boolean bodiless = headAsked || Bodies.bodiless(response.head().status());
    Body sent = response.body();
    if (bodiless) {
      Bodies.discard(sent);
      sent = new Body.None();
    }
    long length = response.head().contentLength();
    HpackBlock head = connection.heads().write(response);
    switch (sent) {
      case Body.None() -> {
        write(begun(head, 0), 0, bodiless || length <= 0, null);
        if (!bodiless && length > 0) {
          broken("a body was promised but not given");
        }
      }
      case Body.Pinned pinned -> pinned(head, length, pinned);
      case Body.Flowing flowing -> {
        ByteBuf out = begun(head, 0);
        framed = length > 0;
        if (framed) {
          data(out, length);
        }
        flowLeft = length;
        write(out, 0, false, null);
        Pump reader = new Pump(executor, flowing.flow(), this);
        pump = reader;
        reader.run();
      }
    }
  }

  private void pinned(HpackBlock head, long length, Body.Pinned pinned) {
    if (length >= 0 && length != pinned.length()) {
      pinned.slice().release();
      broken("the body has not the length that was promised");
      return;
    }
    int bodyLength = pinned.length();
    ByteBuf body = Bodies.view(pinned.slice());
    if (bodyLength <= COPIED_MAX) {
      ByteBuf out = begun(head, bodyLength);
      data(out, bodyLength).writeBytes(body, pinned.offset(), bodyLength);
      pinned.slice().release();
      write(out, bodyLength, true, null);
    } else {
      write(data(begun(head, 0), bodyLength), 0, false, null);
      write(body.retainedSlice(pinned.offset(), bodyLength), bodyLength, true, pinned.slice());
    }
  }

  private ByteBuf begun(HpackBlock head, int more) {
    ByteBuf out = channel.alloc().directBuffer(head.size() + FRAMES_BYTES + more);
    out.writeByte(Http3Frames.HEADERS);
    Http3Number.write(out, head.size());
    return out.writeBytes(head.array(), 0, head.size());
  }

  private static ByteBuf data(ByteBuf out, long length) {
    out.writeByte(Http3Frames.DATA);
    Http3Number.write(out, length);
    return out;
  }

  /** Sends an interim response (RFC 9110, section 15.2), unless the final one has begun. */
  void interim(int status) {
    if (!answered && !gone) {
      write(begun(connection.heads().interim(status), 0), 0, false, null);
    }
  }

  @Override
  public void interim(Head head) {
    if (!executor.inEventLoop()) {
      try {
        executor.execute(() -> interim(head));
      } catch (RejectedExecutionException e) {
        return; // the loop has ended, and the viewer with it
      }
    } else if (!answered && !gone) {
      write(begun(connection.heads().interim(head), 0), 0, false, null);
    }
  }

  /**
   * Writes to the stream.
   *
   * @param content how many of the bytes are of the body
   * @param slice what the bytes are in, to be let go of when they are taken; null if nothing is
   */
  private void write(ByteBuf out, int content, boolean last, @Nullable Slice slice) {
    Written written = new Written(out, content, last, slice);
    waiting += out.readableBytes();
    if (latest == null) {
      first = written;
    } else {
      latest.next = written;
    }
    latest = written;
    channel.write(last ? new DefaultQuicStreamFrame(out, true) : out).addListener(written);
  }

  private void unsent(Body unsent, Consumer<Delivery> listener) {
    Bodies.discard(unsent);
    long now = connection.loop().nanos();
    listener.accept(new Delivery(0, 0, now, now, false, stream.received()));
  }

  @Override
  public boolean ready() {
    return !gone && waiting < WAITING_MAX;
  }

  @Override
  public void part(Slice part) {
    int length = part.length();
    if (gone || (flowLeft >= 0 && length > flowLeft)) {
      part.release();
      stop();
      broken("the body is longer than its Content-Length");
      return;
    }
    flowLeft -= flowLeft >= 0 ? length : 0;
    if (!framed) {
      write(data(channel.alloc().directBuffer(1 + Long.BYTES), length), 0, false, null);
    }
    write(Bodies.view(part).retainedSlice(0, length), length, false, part);
  }

  @Override
  public void end() {
    if (flowLeft > 0) {
      broken("the body is shorter than its Content-Length");
    } else if (!gone) {
      write(channel.alloc().directBuffer(0), 0, true, null);
    }
  }

  @Override
  public void broken(String reason) {
    stream.reset(Http3Error.INTERNAL_ERROR);
  }

  @Override
  public void pause() {}

  /** The stream is over, and the response not complete. */
  void close() {
    gone = true;
    stop();
    if (waiting == 0) {
      deliver(false);
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  /**
   * Returns whether the viewer takes too little for too long.
   *
   * @param isStill whether that is so for all responses of its connection; else this one may wait
   *     for its turn behind more urgent ones
   */
  boolean isLost(boolean isStill, long now) {
    Pace own = pace;
    Pace longer = patience;
    if (own == null || longer == null) {
      if (waiting == 0) {
        return false;
      }
      Limits.Times times = connection.loop().limits().times();
      own = Pace.of(times, now);
      longer = new Pace(times.stall().multipliedBy(TURNS), times.stallBytes(), now);
      pace = own;
      patience = longer;
    }
    if (first != null) {
      first.progress();
    }
    boolean isSlow = own.isLost(waiting > 0, now);
    return longer.isLost(waiting > 0, now) || (isSlow && isStill);
  }

  private void took(long count, long content) {
    bytes += count;
    bodyBytes += content;
    waiting -= count;
    connection.moved(count);
    if (pace != null && patience != null) {
      pace.moved(count);
      patience.moved(count);
    }
  }

  /** All of a response was taken, or a part of it. */
  private void sent(boolean last) {
    if (last) {
      gone = true;
      deliver(true);
      stream.answeredWholly();
    } else if (gone && waiting == 0) {
      deliver(false);
    } else if (!gone && pump != null && waiting < WAITING_MAX / 2) {
      pump.run();
    }
  }

  private void failed(Throwable cause) {
    if (!gone) {
      if (cause instanceof ChannelOutputShutdownException) {
        connection.toil(Toil.RESET); // the viewer wants no more of it
      }
      stream.reset(Http3Error.REQUEST_CANCELLED);
    }
    if (waiting == 0) {
      deliver(false);
    }
  }

  private void deliver(boolean whole) {
    if (answered && !told) {
      told = true;
      long now = connection.loop().nanos();
      whenSent.accept(
          new Delivery(bytes, bodyBytes, firstByteNanos, now, whole, stream.received()));
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

  /** Bytes on their way into QUIC, which takes what is written in its order. */
  private final class Written implements ChannelFutureListener {
    private final ByteBuf out;
    private final int from;
    private final int length;
    private final int head;
    private final boolean last;
    private final @Nullable Slice slice;
    private @Nullable Written next;
    private int taken;

    Written(ByteBuf out, int content, boolean last, @Nullable Slice slice) {
      this.out = out;
      from = out.readerIndex();
      length = out.readableBytes();
      head = length - content;
      this.last = last;
      this.slice = slice;
    }

    /** Notes how much of it is taken by now. */
    void progress() {
      upTo(out.readerIndex() - from);
    }

    private void upTo(int count) {
      int content = Math.max(0, count - head) - Math.max(0, taken - head);
      took(count - taken, content);
      taken = count;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      first = next;
      if (next == null) {
        latest = null;
      }
      if (slice != null) {
        slice.release();
      }
      if (written.isSuccess()) {
        upTo(length);
        sent(last);
      } else {
        waiting -= length - taken;
        failed(written.cause());
      }
    }
  }
}
