package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;

/** What a viewer sends on one HTTP/2 stream after the head, through the window that we open. */
final class Http2Upload implements RequestBody.Source {
  private final Http2 connection;
  private final Http2Stream stream;
  private final @Nullable RequestBody body;
  private final boolean continueExpected;
  private final long announced;
  private final Pace pace;
  private boolean open = true;
  private boolean continued;
  private boolean conversing;
  private int credit;
  private int window;

  /**
   * Begins to receive.
   *
   * @param asked the request, or null if it is refused and what comes is dropped
   */
  Http2Upload(
      Http2 connection, Http2Stream stream, EventLoop executor, Received.@Nullable Accepted asked) {
    this.connection = connection;
    this.stream = stream;
    body = asked == null ? null : new RequestBody(executor, this);
    continueExpected = asked != null && asked.continueExpected();
    announced = asked == null ? -1 : asked.bodyLength();
    Limits limits = connection.loop().limits();
    window = limits.connection().heldBytesMax();
    pace = Pace.ofBody(limits.times(), announced, connection.now());
  }

  Flow body() {
    return body == null ? NoBody.INSTANCE : body;
  }

  /** Returns whether more may come. */
  boolean open() {
    return open;
  }

  /** Returns how many bytes of the body were received. */
  long received() {
    return body == null ? 0 : body.received();
  }

  /**
   * Takes a frame of the body.
   *
   * @return what is wrong with it, or NO_ERROR
   */
  Http2Error data(ByteBuf in, int length, int padding, boolean ended) {
    window -= length + padding;
    if (window < 0) {
      return Http2Error.FLOW_CONTROL_ERROR;
    }
    continued = true;
    pace.moved(length);
    if (body == null) {
      taken(length + padding);
      open = !ended;
      return Http2Error.NO_ERROR;
    }
    long received = body.received() + length;
    if (announced >= 0 && (received > announced || (ended && received < announced))) {
      return Http2Error.PROTOCOL_ERROR; // RFC 9113, 8.1.1
    }
    if (received > connection.loop().limits().message().bodyBytesMax()) {
      return Http2Error.CANCEL;
    }
    open = !ended;
    if (padding > 0) {
      taken(padding);
    }
    if (length > 0) {
      connection.earned();
      body.offer(in.readRetainedSlice(length));
    }
    if (ended) {
      body.complete();
    }
    return Http2Error.NO_ERROR;
  }

  /**
   * The request ends with trailers, which are dropped.
   *
   * @return whether all of it came that was announced
   */
  boolean trailers() {
    open = false;
    if (body == null) {
      return true;
    }
    if (announced >= 0 && body.received() < announced) {
      return false;
    }
    body.complete();
    return true;
  }

  @Override
  public void wanted() {
    if (continueExpected && !continued && !stream.answered() && !stream.closed()) {
      connection.sender().interim(stream, 100);
      connection.flushSoon();
    }
    continued = true;
  }

  @Override
  public void taken(int count) {
    connection.credit(count);
    credit += count;
    int all = connection.loop().limits().connection().heldBytesMax();
    if (open && !stream.closed() && credit >= all / 2) {
      connection.sender().credit(stream.id(), credit);
      window += credit;
      credit = 0;
      connection.flushSoon();
    }
  }

  @Override
  public void left() {}

  /** Returns whether too little comes of what is waited for. */
  boolean isLost(long now) {
    return !conversing && pace.isLost(body != null && body.waiting(), now);
  }

  /** It may be silent for as long as it likes. */
  void converse() {
    conversing = true;
  }

  /** Nothing more comes, and the reader hears why. */
  void breakOff(String why) {
    if (body != null) {
      body.breakOff(why);
    }
  }

  /** Nothing more is needed. */
  void cancel() {
    if (body != null) {
      body.cancel();
    }
  }
}
