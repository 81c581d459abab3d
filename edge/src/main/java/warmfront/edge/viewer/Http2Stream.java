package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Response;
import warmfront.edge.step.Trailed;
import warmfront.http.Fields;
import warmfront.http.Method;

/** One stream of an HTTP/2 connection: a request, and the way back to its viewer. */
final class Http2Stream implements Reply, Pump.Sink {
  /** Bytes of one response that may wait for the viewer's windows. */
  private static final int WAITING_MAX = 262_144;

  private final Http2 connection;
  private final Http2Sender sender;
  private final int id;
  private final boolean headAsked;
  private final EventLoop executor;
  private final @Nullable Http2Upload upload;
  private Http2Priority priority;

  // what is sent
  private long window;
  private @Nullable Slice slice;
  private @Nullable Queue<Slice> more;
  private @Nullable Pump pump;
  private @Nullable Trailed trailed;
  private int at;
  private int end;
  private int queued;
  private boolean hasEnd;
  private boolean waits;
  private long turn;
  private long flowLeft = -1;

  // how it goes
  private Consumer<Delivery> whenSent = _ -> {};
  private @Nullable Runnable whenLeft;
  private boolean answered;
  private boolean broken;
  private boolean told;
  private int chunks;
  private long bytes;
  private long bodyBytes;
  private long firstByteNanos;
  private @Nullable Pace pace; // of those alone that are there at a sweep
  private volatile boolean gone;

  /**
   * Makes a stream that has begun.
   *
   * @param asked the request, or null if it is refused
   * @param receiving whether more of the request may come
   */
  Http2Stream(
      Http2 connection,
      int id,
      Received.@Nullable Accepted asked,
      Http2Priority priority,
      boolean receiving) {
    this.connection = connection;
    this.id = id;
    this.priority = priority;
    sender = connection.sender();
    executor = connection.loop().executor();
    headAsked = asked != null && asked.method().equals(Method.HEAD);
    upload = receiving ? new Http2Upload(connection, this, executor, asked) : null;
    window = sender.streamWindow();
  }

  int id() {
    return id;
  }

  Flow body() {
    return upload == null ? NoBody.INSTANCE : upload.body();
  }

  Http2Priority priority() {
    return priority;
  }

  void priority(Http2Priority other) {
    priority = other;
  }

  /** Returns what the viewer sends on it, or null if its head ended it. */
  @Nullable Http2Upload upload() {
    return upload;
  }

  private boolean receiving() {
    return upload != null && upload.open();
  }

  @Override
  public void converse(Runnable left) {
    if (!executor.inEventLoop()) {
      try {
        executor.execute(() -> converse(left));
      } catch (RejectedExecutionException e) {
        left.run(); // the loop has ended, and the viewer with it
      }
    } else if (gone) {
      left.run();
    } else {
      whenLeft = left;
      if (upload != null) {
        upload.converse();
      }
    }
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
    firstByteNanos = connection.now();
    boolean bodiless = headAsked || Bodies.bodiless(response.head().status());
    Body sent = response.body();
    if (bodiless) {
      Bodies.discard(sent);
      sent = new Body.None();
    }
    long length = response.head().contentLength();
    switch (sent) {
      case Body.None() -> none(response, bodiless || length <= 0);
      case Body.Pinned pinned -> pinned(response, pinned);
      case Body.Flowing flowing -> {
        sender.head(this, response, false);
        flowLeft = length;
        trailed = flowing.flow() instanceof Trailed flow ? flow : null;
        Pump reader = new Pump(executor, flowing.flow(), this);
        pump = reader;
        reader.run();
      }
    }
    connection.flushSoon();
  }

  @Override
  public void interim(Head head) {
    if (!executor.inEventLoop()) {
      try {
        executor.execute(() -> interim(head));
      } catch (RejectedExecutionException e) {
        return; // the loop has ended, and the viewer with it
      }
    } else if (!gone && !answered) {
      sender.interim(this, head);
      connection.flushSoon();
    }
  }

  private void none(Response response, boolean whole) {
    sender.head(this, response, whole);
    if (!whole) {
      broken("a body was promised but not given");
    }
  }

  private void pinned(Response response, Body.Pinned pinned) {
    long length = response.head().contentLength();
    sender.head(this, response, false);
    slice = pinned.slice();
    at = pinned.offset();
    end = at + pinned.length();
    queued = pinned.length();
    if (length >= 0 && length != pinned.length()) {
      broken("the body has not the length that was promised");
      return;
    }
    hasEnd = true;
    sender.offer(this);
  }

  private void unsent(Body unsent, Consumer<Delivery> listener) {
    Bodies.discard(unsent);
    long now = connection.loop().nanos();
    listener.accept(new Delivery(0, 0, now, now, false, received()));
  }

  private long received() {
    return upload == null ? 0 : upload.received();
  }

  @Override
  public boolean ready() {
    return !gone && queued < WAITING_MAX;
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
    queued += length;
    if (slice == null) {
      begin(part);
    } else {
      if (more == null) {
        more = new ArrayDeque<>();
      }
      more.add(part);
    }
    sender.offer(this);
  }

  private void begin(Slice part) {
    slice = part;
    at = 0;
    end = part.length();
  }

  @Override
  public void end() {
    if (flowLeft > 0) {
      broken("the body is shorter than its Content-Length");
      return;
    }
    hasEnd = true;
    sender.offer(this);
    connection.flushSoon();
  }

  @Override
  public void broken(String reason) {
    connection.reset(this, Http2Error.INTERNAL_ERROR);
  }

  @Override
  public void pause() {
    connection.flushSoon();
  }

  /** Returns how many bytes of the body are there to be sent. */
  int waiting() {
    return queued;
  }

  /** Returns whether nothing comes after what is there. */
  boolean hasEnd() {
    return hasEnd;
  }

  /** Returns the fields that follow the body once all of it is there; null for none. */
  @Nullable Fields trailers() {
    @Nullable Fields fields = trailed == null ? null : trailed.trailers();
    return fields == null || fields.size() == 0 ? null : fields;
  }

  /** Returns how many bytes the viewer has room for; negative if it took some back. */
  long window() {
    return window;
  }

  /** Changes the viewer's room; false if that is more than there can be (RFC 9113, 6.9.1). */
  boolean widen(long change) {
    window += change;
    return window <= Integer.MAX_VALUE;
  }

  /** Returns whether a frame of the body may be sent now. */
  boolean maySend(long connectionWindow) {
    return queued == 0 ? hasEnd : window > 0 && connectionWindow > 0;
  }

  boolean waits() {
    return waits;
  }

  void waits(boolean now) {
    waits = now;
  }

  long turn() {
    return turn;
  }

  void turn(long next) {
    turn = next;
  }

  /** Copies as many bytes of the body, which must be there. */
  void take(ByteBuf out, int count) {
    window -= count;
    queued -= count;
    int wanted = count;
    while (wanted > 0) {
      Slice from = slice;
      if (from == null) {
        throw new IllegalStateException("fewer bytes than counted");
      }
      int part = Math.min(wanted, end - at);
      out.writeBytes(Bodies.view(from), at, part);
      at += part;
      wanted -= part;
      if (at == end) {
        slice = null;
        from.release();
        next();
      }
    }
    if (pace != null) {
      pace.moved(count);
    }
  }

  /** Reads on what flows, if there is room for it now. */
  void resume() {
    if (pump != null && queued < WAITING_MAX / 2) {
      pump.run();
    }
  }

  private void next() {
    @Nullable Slice following = more == null ? null : more.poll();
    if (following != null) {
      begin(following);
    }
  }

  /** Its frames have a part in one more chunk. */
  void handedOver() {
    chunks++;
  }

  /** A chunk with frames of it was written, or cannot be. */
  void written(int frameBytes, int content, boolean success, long now) {
    chunks--;
    if (success) {
      bytes += frameBytes;
      bodyBytes += content;
    } else {
      broken = true;
    }
    if (gone && chunks == 0) {
      deliver(now);
    }
  }

  /** The response is complete: what is still to come of the request is not needed. */
  void ended() {
    if (receiving()) {
      connection.reset(this, Http2Error.NO_ERROR); // RFC 9113, 8.1
    } else {
      connection.forget(this);
    }
  }

  /**
   * The stream is over.
   *
   * @param whole whether the response was handed over to the end
   */
  void close(boolean whole) {
    if (gone) {
      return;
    }
    gone = true;
    broken |= !whole;
    if (upload != null && whole) {
      upload.cancel();
    } else if (upload != null) {
      upload.breakOff("the viewer is gone");
    }
    stop();
    if (whenLeft != null && !whole) {
      whenLeft.run();
    }
    if (slice != null) {
      slice.release();
      slice = null;
    }
    while (more != null && !more.isEmpty()) {
      more.remove().release();
    }
    queued = 0;
    if (chunks == 0) {
      deliver(connection.loop().nanos());
    }
  }

  /** Returns whether its response has begun. */
  boolean answered() {
    return answered;
  }

  /** Returns whether it is over. */
  boolean closed() {
    return gone;
  }

  private void deliver(long now) {
    if (answered && !told) {
      told = true;
      whenSent.accept(new Delivery(bytes, bodyBytes, firstByteNanos, now, !broken, received()));
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  /** Returns whether the viewer sends too little of what is waited for, or leaves no room. */
  boolean isLost(long now) {
    if (queued > 0 && pace == null) {
      pace = Pace.of(connection.loop().limits().times(), now);
    }
    // with room left it waits for its turn, or for the connection's room
    boolean noRoom = queued > 0 && window <= 0;
    return (pace != null && pace.isLost(noRoom, now)) || (upload != null && upload.isLost(now));
  }

  /** What was waited for did not come. */
  void lost() {
    if (upload != null) {
      upload.breakOff("the request's body did not come");
    }
    connection.reset(this, Http2Error.CANCEL);
  }

  @Override
  public Executor loop() {
    return executor;
  }

  @Override
  public boolean gone() {
    return gone;
  }
}
