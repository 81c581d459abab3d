package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Response;
import warmfront.edge.viewer.Http1Head.After;
import warmfront.http.Method;

/** Step 9 over HTTP/1: writes one response and tells how that went (RFC 9112, sections 4 to 7). */
final class Http1Sender implements Pump.Sink {
  /** A body up to this length is copied next to its head: one buffer, one system call. */
  static final int COPY_MAX = 16_384; // measured: above it a gathering write is cheaper

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n\r\n");
  private static final int CHUNK_ROOM = 8 + 4; // size in hexadecimal and two line ends

  private final Http1 connection;
  private final Http1Output output;
  private final @Nullable Http1Exchange exchange;
  private final boolean headAsked;
  private final boolean old;
  private final Consumer<Delivery> whenSent;
  private @Nullable Http1Sender follower;
  private @Nullable Pump pump;
  private @Nullable Slice pinned;
  private long whole = -1;
  private long left = -1;
  private long bytes;
  private long bodyBytes;
  private long gatheredBytes;
  private int gatheredBody;
  private boolean chunked;
  private boolean tunnel;
  private boolean closing;
  private boolean broken;
  private boolean finished;
  private boolean told;
  private boolean begun;
  private long firstByteNanos;

  /**
   * Makes a sender of one response.
   *
   * @param exchange what it answers, or null if no request could be made out
   */
  Http1Sender(Http1 connection, @Nullable Http1Exchange exchange, Consumer<Delivery> whenSent) {
    this.connection = connection;
    this.exchange = exchange;
    this.whenSent = whenSent;
    output = connection.output();
    headAsked = exchange != null && exchange.asked().method().equals(Method.HEAD);
    old = exchange != null && exchange.asked().protocol() == Protocol.HTTP_1_0;
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
    head(response, bodiless || length >= 0 ? Http1Head.UNSAID : 0, 0);
    finish();
  }

  private void memory(Response response, Body.Pinned body) {
    long length = response.head().contentLength();
    if (length >= 0 && length != body.length()) {
      broken = true;
      closing = true;
    }
    long framing = length >= 0 ? Http1Head.UNSAID : body.length();
    if (body.length() <= COPY_MAX) {
      copy(head(response, framing, body.length()), body.slice(), body.offset(), body.length());
      body.slice().release();
    } else {
      begins();
      head(response, framing, 0);
      gatheredBytes += body.length();
      gatheredBody += body.length();
      pinned = body.slice();
      output.writeLast(body.slice(), body.offset(), body.length());
    }
    finish();
  }

  private void flowing(Response response, Body.Flowing body) {
    whole = response.head().contentLength();
    left = whole;
    tunnel = response.head().status() == SWITCHING_PROTOCOLS;
    chunked = left < 0 && !old && !tunnel;
    closing |= left < 0 && (old || tunnel);
    begins();
    head(response, chunked ? Http1Head.CHUNKED : Http1Head.UNSAID, 0);
    output.due();
    Pump reader = new Pump(connection.loop().executor(), body.flow(), this);
    pump = reader;
    reader.run();
  }

  /** Takes note of the time, for a body that may take some: a short one goes with its head. */
  private void begins() {
    begun = true;
    firstByteNanos = connection.loop().nanos();
  }

  /** Writes the head into a buffer that has room for {@code more} bytes after it. */
  private ByteBuf head(Response response, long framing, int more) {
    Http1Head head = connection.loop().head();
    int size = head.make(connection.door(), response, framing, after());
    ByteBuf out = output.room(this, size + more);
    head.copyTo(out);
    gatheredBytes += size;
    return out;
  }

  private After after() {
    if (tunnel) {
      return After.UPGRADE;
    }
    return closing ? After.CLOSE : old ? After.KEEP_AND_SAY : After.KEEP;
  }

  private void copy(ByteBuf out, Slice slice, int offset, int length) {
    int at = out.writerIndex();
    slice.copy(offset, length, out.internalNioBuffer(at, length));
    out.writerIndex(at + length);
    gatheredBytes += length;
    gatheredBody += length;
  }

  private void finish() {
    finished = true;
    output.finished(this);
    connection.answered(this); // flushes
  }

  @Override
  public boolean ready() {
    return connection.channel().isWritable();
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
    ByteBuf out = output.room(this, (chunked ? CHUNK_ROOM : 0) + (length <= COPY_MAX ? length : 0));
    int from = out.writerIndex();
    chunkSize(out, length);
    gatheredBytes += out.writerIndex() - from;
    if (length <= COPY_MAX) {
      copy(out, part, 0, length);
      part.release();
    } else {
      output.write(part, length, new Part(part, length, length));
    }
    if (chunked) {
      output.room(this, 2).writeByte('\r').writeByte('\n');
      gatheredBytes += 2;
    }
    output.due();
  }

  private void chunkSize(ByteBuf out, int length) {
    if (chunked) {
      Ascii.text(out, Integer.toHexString(length));
      out.writeByte('\r').writeByte('\n');
    }
  }

  @Override
  public void end() {
    if (left > 0) {
      broken("the body is shorter than its Content-Length");
      return;
    }
    if (chunked) {
      output.room(this, LAST_CHUNK.length).writeBytes(LAST_CHUNK);
      gatheredBytes += LAST_CHUNK.length;
    }
    finish();
  }

  @Override
  public void broken(String reason) {
    if (tunnel) { // whichever side ends it, and however: there is no whole of it
      finish();
      return;
    }
    broken = true;
    closing = true;
    if (!chunked && left < 0) { // only a reset tells the viewer that this was not the end
      connection.reset();
    }
    finish();
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
      broken = !tunnel && (whole < 0 || bodyBytes < whole);
      stop();
      var _ = deliver();
    }
  }

  private void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  /** Returns what hears of the bytes that were gathered since the last call; null if none were. */
  @Nullable ChannelFutureListener gatheredPart() {
    if (gatheredBytes == 0) {
      return null;
    }
    Part part = new Part(null, gatheredBytes, gatheredBody);
    gatheredBytes = 0;
    gatheredBody = 0;
    return part;
  }

  /** All of the response has left, or cannot. */
  void settle(boolean sent) {
    @Nullable Slice slice = pinned;
    pinned = null;
    if (slice != null) {
      slice.release();
    }
    if (sent) {
      bytes += gatheredBytes;
      bodyBytes += gatheredBody;
    } else {
      broken = true;
    }
    connection.delivered(this, deliver());
  }

  /** Another response follows this one in the same batch. */
  void follow(Http1Sender next) {
    follower = next;
  }

  /** Returns the next response of the batch, or null. */
  @Nullable Http1Sender follower() {
    return follower;
  }

  /** Says how it went, once; returns the time now. */
  private long deliver() {
    long end = connection.loop().nanos();
    if (!told) {
      told = true;
      long first = begun ? firstByteNanos : end;
      long received = exchange == null ? 0 : exchange.received();
      whenSent.accept(new Delivery(bytes, bodyBytes, first, end, !broken, received));
    }
    return end;
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
