package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Response;
import warmfront.edge.step.Stamp;
import warmfront.edge.viewer.Http1Head.After;
import warmfront.http.Method;

/** Step 9 over HTTP/1: writes one response and tells how that went (RFC 9112, sections 4 to 7). */
final class Http1Sender implements ChannelFutureListener, Pump.Sink {
  /** A body up to this length is copied next to its head: one buffer, one system call. */
  static final int COPY_MAX = 16_384; // measured: above it a gathering write is cheaper

  private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n\r\n");
  private static final int CHUNK_ROOM = 8 + 4; // size in hexadecimal and two line ends

  private final Http1 connection;
  private final Channel channel;
  private final @Nullable Http1Exchange exchange;
  private final boolean headAsked;
  private final boolean old;
  private final Consumer<Delivery> whenSent;
  private final long firstByteNanos;
  private @Nullable Pump pump;
  private long whole = -1;
  private @Nullable Slice pinned;
  private long bytes;
  private long bodyBytes;
  private long lastBytes;
  private long lastBodyBytes;
  private long left = -1;
  private boolean chunked;
  private boolean closing;
  private boolean broken;
  private boolean finished;
  private boolean told;

  /**
   * Makes a sender of one response.
   *
   * @param exchange what it answers, or null if no request could be made out
   */
  Http1Sender(Http1 connection, @Nullable Http1Exchange exchange, Consumer<Delivery> whenSent) {
    this.connection = connection;
    this.exchange = exchange;
    this.whenSent = whenSent;
    headAsked = exchange != null && exchange.asked().method().equals(Method.HEAD);
    old = exchange != null && exchange.asked().protocol() == Protocol.HTTP_1_0;
    channel = connection.channel();
    firstByteNanos = connection.loop().nanos();
  }

  /**
   * Writes the response.
   *
   * @param keep whether the connection may go on after it
   */
  void send(Response response, boolean keep) {
    int status = response.head().status();
    boolean bodiless = headAsked || Bodies.bodiless(status);
    Body body = response.body();
    if (bodiless) {
      Bodies.discard(body);
      body = new Body.None();
    }
    closing = !keep || response.close();
    switch (body) {
      case Body.None() -> none(response, bodiless);
      case Body.Pinned memory -> memory(response, memory);
      case Body.Flowing flowing -> flowing(response, flowing);
    }
  }

  /** Returns whether the connection ends after this response. */
  boolean closing() {
    return closing;
  }

  private void none(Response response, boolean bodiless) {
    long length = response.head().contentLength();
    if (!bodiless && length > 0) { // promised but not given: the viewer must not wait for it
      broken = true;
      closing = true;
    }
    last(head(response, bodiless || length >= 0 ? Http1Head.UNSAID : 0, 0), 0);
  }

  private void memory(Response response, Body.Pinned body) {
    long length = response.head().contentLength();
    if (length >= 0 && length != body.length()) {
      broken = true;
      closing = true;
    }
    boolean copied = body.length() <= COPY_MAX;
    ByteBuf head =
        head(response, length >= 0 ? Http1Head.UNSAID : body.length(), copied ? body.length() : 0);
    ByteBuf view = Bodies.view(body.slice());
    if (copied) {
      head.writeBytes(view, body.offset(), body.length());
      body.slice().release();
      last(head, body.length());
    } else {
      write(head, null, 0);
      pinned = body.slice();
      last(view.retainedSlice(body.offset(), body.length()), body.length());
    }
  }

  private void flowing(Response response, Body.Flowing body) {
    whole = response.head().contentLength();
    left = whole;
    chunked = left < 0 && !old;
    closing |= left < 0 && old;
    ByteBuf head = head(response, chunked ? Http1Head.CHUNKED : Http1Head.UNSAID, 0);
    Pump reader = new Pump(connection.loop().executor(), body.flow(), this);
    pump = reader;
    write(head, null, 0);
    reader.run();
  }

  private ByteBuf head(Response response, long framing, int bodyRoom) {
    Stamp stamp = response.stamp();
    int size = Http1Head.size(Http1Form.of(response.head()), stamp) + bodyRoom;
    ByteBuf out = channel.alloc().directBuffer(size);
    After after = closing ? After.CLOSE : old ? After.KEEP_AND_SAY : After.KEEP;
    Http1Head.write(out, connection.loop(), connection.door(), response, framing, after);
    return out;
  }

  private void last(ByteBuf out, int body) {
    finished = true;
    lastBytes = out.readableBytes();
    lastBodyBytes = body;
    channel.write(out).addListener(this);
    connection.answered(this); // flushes
  }

  private void write(ByteBuf out, @Nullable Slice slice, int body) {
    channel.write(out).addListener(new Part(slice, out.readableBytes(), body));
  }

  @Override
  public boolean ready() {
    return channel.isWritable();
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
    ByteBuf view = Bodies.view(part);
    if (length <= COPY_MAX) {
      ByteBuf out = channel.alloc().directBuffer(length + CHUNK_ROOM);
      chunkSize(out, length);
      out.writeBytes(view, 0, length);
      chunkEnd(out);
      part.release();
      write(out, null, length);
      return;
    }
    if (chunked) {
      ByteBuf out = channel.alloc().directBuffer(CHUNK_ROOM);
      chunkSize(out, length);
      write(out, null, 0);
    }
    write(view.retainedSlice(0, length), part, length);
    if (chunked) {
      ByteBuf out = channel.alloc().directBuffer(2);
      chunkEnd(out);
      write(out, null, 0);
    }
  }

  private void chunkSize(ByteBuf out, int length) {
    if (chunked) {
      Ascii.text(out, Integer.toHexString(length));
      out.writeByte('\r').writeByte('\n');
    }
  }

  private void chunkEnd(ByteBuf out) {
    if (chunked) {
      out.writeByte('\r').writeByte('\n');
    }
  }

  @Override
  public void end() {
    if (left > 0) {
      broken("the body is shorter than its Content-Length");
      return;
    }
    last(chunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER, 0);
  }

  @Override
  public void broken(String reason) {
    broken = true;
    closing = true;
    if (!chunked && left < 0) { // only a reset tells the viewer that this was not the end
      connection.reset();
    }
    last(Unpooled.EMPTY_BUFFER, 0);
  }

  @Override
  public void pause() {
    connection.flush();
  }

  /** The connection takes bytes again. */
  void resume() {
    if (pump != null) {
      pump.run();
    }
  }

  /** The viewer is gone, which is no loss if it has all that was announced. */
  void gone() {
    if (!finished) {
      finished = true;
      broken = whole < 0 || bodyBytes < whole;
      stop();
      deliver();
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  @Override
  public void operationComplete(ChannelFuture written) {
    @Nullable Slice slice = pinned;
    pinned = null;
    if (slice != null) {
      slice.release();
    }
    if (written.isSuccess()) {
      bytes += lastBytes;
      bodyBytes += lastBodyBytes;
    } else {
      broken = true;
    }
    deliver();
    connection.delivered(this);
  }

  private void deliver() {
    if (told) {
      return;
    }
    told = true;
    long end = connection.loop().nanos();
    long received = exchange == null ? 0 : exchange.body().received();
    whenSent.accept(new Delivery(bytes, bodyBytes, firstByteNanos, end, !broken, received));
  }

  /** A part that is on its way. */
  private final class Part implements ChannelFutureListener {
    private final @Nullable Slice slice;
    private final long size;
    private final int body;

    Part(@Nullable Slice slice, long size, int body) {
      this.slice = slice;
      this.size = size;
      this.body = body;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      if (slice != null) {
        slice.release();
      }
      if (written.isSuccess()) {
        bytes += size;
        bodyBytes += body;
      } else {
        gone();
      }
    }
  }
}
