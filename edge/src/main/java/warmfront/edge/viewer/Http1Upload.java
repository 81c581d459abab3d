package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;

/**
 * The body of one request on an HTTP/1 connection: read for whoever wants it and, once the response
 * is written, to its end, because the next request stands behind it.
 */
final class Http1Upload {
  /** What reading has come to. */
  enum Step {
    /** Nothing more can be done with the bytes at hand, or nobody wants them yet. */
    LATER,
    /** A part was read; there may be another. */
    PART,
    /** All of it was read. */
    END,
    MALFORMED,
    TOO_LARGE,
    /** More came after the response than is read to keep a connection. */
    UNWANTED
  }

  private final Limits limits;
  private final RequestBody body;
  private final BodyDecoder decoder;
  private final boolean continueExpected;
  private Pace pace;
  private boolean continued;
  private boolean draining;
  private long drained;

  /**
   * Begins at {@code now}, on the steady clock.
   *
   * @param asked a request with a body
   */
  Http1Upload(Limits limits, Received.Accepted asked, RequestBody body, long now) {
    this.limits = limits;
    this.body = body;
    decoder = new BodyDecoder(limits.message(), asked.bodyLength());
    continueExpected = asked.continueExpected();
    pace = Pace.ofBody(limits.times(), asked.bodyLength(), now);
  }

  /** Reads what is at hand, at most one part. */
  Step read(ByteBuf bytes) {
    int available = decoder.available(bytes);
    return switch (available) {
      case BodyDecoder.MORE -> Step.LATER;
      case BodyDecoder.END -> Step.END;
      case BodyDecoder.TOO_LARGE -> Step.TOO_LARGE;
      case BodyDecoder.MALFORMED -> Step.MALFORMED;
      default -> draining ? drop(bytes, available) : pass(bytes, available);
    };
  }

  private Step pass(ByteBuf bytes, int length) {
    if (!wanted()) {
      return Step.LATER;
    }
    took(length);
    continued = true;
    body.offer(part(bytes, length));
    return Step.PART;
  }

  /** Takes a part; a small one leaves the memory it was read into to the next read. */
  private static ByteBuf part(ByteBuf bytes, int length) {
    return Inbox.wastes(length)
        ? bytes.alloc().directBuffer(length).writeBytes(bytes, length)
        : bytes.readRetainedSlice(length);
  }

  private Step drop(ByteBuf bytes, int length) {
    took(length);
    bytes.skipBytes(length);
    drained += length;
    return drained <= limits.connection().drainBytesMax() ? Step.PART : Step.UNWANTED;
  }

  private void took(int length) {
    decoder.took(length);
    pace.moved(length);
  }

  /** Returns whether more of it has a place. */
  boolean wanted() {
    return body.open() && body.roomy() && body.heldBytes() < limits.connection().heldBytesMax();
  }

  /** The reader waits; returns whether the viewer waits for 100 before it sends. */
  boolean continueDue() {
    boolean due = continueExpected && !continued;
    continued = true;
    return due;
  }

  // RFC 9110, 10.1.1: after a final answer it is open whether a body that waits for 100 comes
  /** Returns whether the rest may be read to keep the connection. */
  boolean isDrainable() {
    return decoder.left() <= limits.connection().drainBytesMax()
        && (continued || !continueExpected);
  }

  /** The response is written: what still comes is dropped, and has to keep a pace of its own. */
  void drain(long now) {
    draining = true;
    pace = Pace.of(limits.times(), now);
    body.cancel();
  }

  /**
   * Returns whether too little comes of what is waited for; to be asked at each sweep.
   *
   * @param taking whether the viewer still takes what was sent to it
   */
  boolean isLost(boolean taking, long now) {
    return pace.isLost(draining ? !taking : body.waiting(), now);
  }
}
