package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import warmfront.bytes.Flow;

/** The body of one request over HTTP/3: what is not wanted yet is left to QUIC's windows. */
final class Http3Upload implements RequestBody.Source {
  private final Http3Stream stream;
  private final RequestBody body;
  private final Limits limits;
  private final boolean continueExpected;
  private final long announced;
  private final Pace pace;
  private boolean continued;

  /** Begins to receive. */
  Http3Upload(Http3Stream stream, Received.Accepted asked) {
    this.stream = stream;
    Loop loop = stream.connection().loop();
    body = new RequestBody(loop.executor(), this);
    limits = loop.limits();
    continueExpected = asked.continueExpected();
    announced = asked.bodyLength();
    pace = Pace.ofBody(limits.times(), announced, loop.nanos());
  }

  Flow body() {
    return body;
  }

  /** Returns how many bytes were received. */
  long received() {
    return body.received();
  }

  /**
   * Takes a part of the body.
   *
   * @return what is wrong with it, or NO_ERROR
   */
  Http3Error data(ByteBuf in, int length) {
    continued = true;
    pace.moved(length);
    long received = body.received() + length;
    if (announced >= 0 && received > announced) {
      return Http3Error.MESSAGE_ERROR; // RFC 9114, 4.1.2
    }
    if (received > limits.message().bodyBytesMax()) {
      return Http3Error.REQUEST_CANCELLED;
    }
    stream.connection().earned();
    body.offer(in.readRetainedSlice(length));
    if (body.heldBytes() >= limits.connection().heldBytesMax()) {
      stream.channel().config().setAutoRead(false);
    }
    return Http3Error.NO_ERROR;
  }

  /** Nothing more comes; false if that is less than was announced. */
  boolean end() {
    if (announced >= 0 && body.received() < announced) {
      return false;
    }
    body.complete();
    return true;
  }

  @Override
  public void wanted() {
    if (continueExpected && !continued) {
      stream.interim(100);
    }
    continued = true;
  }

  @Override
  public void taken(int count) {
    if (body.heldBytes() <= limits.connection().heldBytesMax() / 2 && !stream.isGone()) {
      stream.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void left() {}

  /** Returns whether too little comes of what is waited for. */
  boolean isLost(long now) {
    return pace.isLost(body.waiting(), now);
  }

  /** Nothing more comes, and the reader hears why. */
  void breakOff(String why) {
    body.breakOff(why);
  }

  /** Nothing more is needed. */
  void cancel() {
    body.cancel();
  }
}
