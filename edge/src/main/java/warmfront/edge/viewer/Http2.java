package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Reason;

/**
 * One HTTP/2 connection (RFC 9113): which streams there are, how much room there is, and how it
 * ends. {@link Http2Reader} tells it what the viewer says, {@link Http2Sender} says what it
 * answers.
 */
final class Http2 extends ChannelInboundHandlerAdapter implements Connection, Http2Reader.Events {
  private static final Logger LOG = LoggerFactory.getLogger(Http2.class);

  /** What all streams may have sent before it is taken, as a multiple of what one may. */
  private static final int WINDOWS = 8;

  private static final int WINDOW_BYTES = 65_535; // RFC 9113, 6.9.2
  private static final long GOODBYE = 0x776172_6D66726FL; // what only the ping of a drain says
  private static final int SWEEPS_OF_GOODBYE = 2;

  private enum State {
    /** Streams begin and end. */
    OPEN,
    /** Streams still begin, but the viewer was asked to begin no more (RFC 9113, 6.8). */
    LEAVING,
    /** No stream begins any more. */
    LAST,
    /** Nothing is read any more. */
    CLOSING
  }

  private final Channel channel;
  private final Loop loop;
  private final Limits limits;
  private final Http2Intake intake;
  private final Farewell farewell;
  private final Http2Watch watch;
  private final Patience patience;
  private final HpackDecoder decoder;
  private final Http2Streams streams = new Http2Streams();
  private final Door door;
  private final int windowBytes;
  private @Nullable Http2Reader reader;
  private @Nullable Http2Sender sender;
  private State state = State.OPEN;
  private boolean inBatch;
  private boolean flushing;
  private boolean said;
  private int sweeps;
  private int window;
  private int credit;
  private int drained;
  private long batchNanos;

  Http2(Channel channel, Loop loop, Door door, Http2Intake intake) {
    this.channel = channel;
    this.loop = loop;
    this.door = door;
    this.intake = intake;
    limits = loop.limits();
    farewell = new Farewell(channel);
    long begun = loop.nanos();
    watch = new Http2Watch(limits.times(), new Stall(channel, limits.times(), begun), begun);
    patience = new Patience(limits.http2(), begun);
    decoder = new HpackDecoder(loop.http2());
    windowBytes = WINDOWS * limits.connection().heldBytesMax();
    window = windowBytes;
  }

  Loop loop() {
    return loop;
  }

  Http2Sender sender() {
    Http2Sender known = sender;
    if (known == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return known;
  }

  /** Returns the time on the steady clock, the same for all that one batch of frames does. */
  long now() {
    return inBatch ? batchNanos : loop.nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    reader = new Http2Reader(channel.alloc(), loop.http2(), limits.http2(), this);
    Http2Sender first = new Http2Sender(this, door, context);
    sender = first;
    first.settings(
        new int[] {
          Http2Settings.MAX_CONCURRENT_STREAMS,
          limits.http2().streamsMax(),
          Http2Settings.INITIAL_WINDOW_SIZE,
          limits.connection().heldBytesMax(),
          Http2Settings.MAX_HEADER_LIST_SIZE,
          limits.message().headBytesMax(),
          Http2Settings.NO_RFC7540_PRIORITIES,
          1
        });
    first.credit(0, windowBytes - WINDOW_BYTES);
    loop.add(this);
    if (loop.draining()) {
      drain();
    }
    flushSoon();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    Http2Reader reads = reader;
    if (reads == null || !reading()) {
      drained += bytes.readableBytes();
      bytes.release();
      if (drained > limits.connection().drainBytesMax()) {
        var _ = channel.close();
      }
      return;
    }
    if (!inBatch) {
      batchNanos = loop.nanos();
      inBatch = true;
    }
    reads.read(bytes);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    inBatch = false;
    flushSoon();
  }

  // a viewer that takes nothing must not have answers pile up here
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    boolean writable = channel.isWritable();
    channel.config().setAutoRead(writable);
    if (writable) {
      flushSoon();
    }
  }

  /** Sends what was written: at once, or after the batch that is being read. */
  void flushSoon() {
    if (inBatch || flushing || !channel.isActive()) {
      return;
    }
    flushing = true;
    sender().flush();
    if (state == State.LAST && streams.isEmpty()) {
      state = State.CLOSING;
      farewell.linger();
    }
    if (state == State.CLOSING && !said) {
      said = true;
      watch.stirred(loop.nanos());
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> farewell.say());
    }
    flushing = false;
  }

  @Override
  public boolean reading() {
    return state != State.CLOSING;
  }

  @Override
  public void fail(Http2Error error, String why) {
    fail(error, why, Reason.MALFORMED);
  }

  private void fail(Http2Error error, String why, Reason reason) {
    if (state == State.CLOSING) {
      return;
    }
    LOG.debug("connection of {} ended: {} {}", channel.remoteAddress(), error, why);
    loop.tally().refused(reason);
    sender().goAway(streams.last(), error, why);
    end();
  }

  private void end() {
    state = State.CLOSING;
    farewell.linger();
    streams.close(sender());
    inBatch = false; // the last word leaves now: more may come than is read to let it be heard
    flushSoon();
  }

  @Override
  public void fail(int stream, Http2Error error) {
    @Nullable Http2Stream known = streams.get(stream);
    if (known != null) {
      fault(known, error);
    } else if (streams.isAhead(stream)) {
      fail(error, "a stream that has not begun"); // RFC 9113, 5.1: it cannot be reset
    } else {
      toil(Toil.FAULT);
      sender().reset(stream, error);
    }
  }

  /** Ends a stream because of what the viewer sent on it. */
  void fault(Http2Stream stream, Http2Error error) {
    toil(Toil.FAULT);
    if (reading()) {
      reset(stream, error);
    }
  }

  @Override
  public void toil(Toil toil) {
    if (!patience.spend(toil) && reading()) {
      loop.tally().calmed(toil);
      fail(Http2Error.ENHANCE_YOUR_CALM, "too much of " + toil, Reason.OVERLOADED);
    }
  }

  /** Something was served. */
  void earned() {
    patience.earn();
  }

  @Override
  public void data(int id, ByteBuf data, int length, int padding, boolean ended) {
    int all = length + padding;
    window -= all;
    if (window < 0) {
      fail(Http2Error.FLOW_CONTROL_ERROR, "more than the window of the connection");
      return;
    }
    @Nullable Http2Stream stream = streams.get(id);
    if (stream == null) {
      credit(all);
      over(id);
      return;
    }
    @Nullable Http2Upload upload = stream.upload();
    if (upload == null || !upload.open()) {
      credit(all);
      fault(stream, Http2Error.STREAM_CLOSED);
    } else {
      Http2Error wrong = upload.data(data, length, padding, ended);
      if (wrong != Http2Error.NO_ERROR) {
        credit(all);
        fault(stream, wrong);
      }
    }
  }

  /** Bytes of bodies were taken: the viewer may send as many. */
  void credit(int bytes) {
    credit += bytes;
    if (credit >= windowBytes / 2 && reading() && channel.isActive()) {
      sender().credit(0, credit);
      window += credit;
      credit = 0;
      flushSoon();
    }
  }

  /** A frame came for a stream that is not there. */
  private void over(int id) {
    if (streams.isAhead(id)) {
      fail(Http2Error.PROTOCOL_ERROR, "a stream that has not begun");
    } else if (streams.wasReset(id)) {
      toil(Toil.IDLE); // it was under way when we reset the stream (RFC 9113, 5.1)
    } else {
      fail(Http2Error.STREAM_CLOSED, "a stream that has ended");
    }
  }

  @Override
  public void headers(int id, byte[] block, int length, boolean ended, boolean right) {
    Http2Parser parser = loop.http2().parser().begin();
    if (!decoder.decode(block, length, parser)) {
      fail(Http2Error.COMPRESSION_ERROR, "a header block is wrong");
      return;
    }
    @Nullable Http2Stream known = streams.get(id);
    if (known != null) {
      trailers(known, parser, ended && right);
    } else if ((id & 1) == 0) {
      fail(Http2Error.PROTOCOL_ERROR, "a viewer's streams are odd"); // RFC 9113, 5.1.1
    } else if (!streams.isAhead(id)) {
      over(id);
    } else if (state == State.LAST) {
      toil(Toil.IDLE); // RFC 9113, 6.8: begun before it knew
    } else {
      begin(id, parser, ended, right);
    }
  }

  private void begin(int id, Http2Parser parser, boolean ended, boolean right) {
    streams.begun(id);
    watch.stirred(batchNanos);
    if (streams.size() >= limits.http2().streamsMax()) {
      streams.reset(id);
      toil(Toil.FAULT);
      if (reading()) {
        sender().reset(id, Http2Error.REFUSED_STREAM);
      }
      return;
    }
    Http2Stream stream = intake.begin(this, id, parser, ended, right);
    if (!stream.closed()) {
      streams.add(stream);
    }
  }

  private void trailers(Http2Stream stream, Http2Parser parser, boolean right) {
    @Nullable Http2Upload upload = stream.upload();
    if (upload == null || !upload.open()) {
      fault(stream, Http2Error.STREAM_CLOSED);
    } else if (!right || !parser.isTrailers() || !upload.trailers()) {
      fault(stream, Http2Error.PROTOCOL_ERROR); // RFC 9113, 8.1
    }
  }

  /** Ends a stream with an error, or with none if its response is complete. */
  void reset(Http2Stream stream, Http2Error error) {
    if (stream.closed()) {
      return;
    }
    streams.reset(stream.id());
    sender().reset(stream.id(), error);
    over(stream, error == Http2Error.NO_ERROR);
    flushSoon();
  }

  /** A stream is over on both sides. */
  void forget(Http2Stream stream) {
    patience.earn();
    over(stream, true);
  }

  private void over(Http2Stream stream, boolean whole) {
    streams.remove(stream);
    watch.stirred(now());
    sender().forget(stream);
    stream.close(whole);
  }

  @Override
  public void reset(int id) {
    @Nullable Http2Stream known = streams.get(id);
    if (known != null) {
      over(known, false);
      toil(Toil.RESET);
    } else if (streams.isAhead(id)) {
      fail(Http2Error.PROTOCOL_ERROR, "a stream that has not begun");
    } else {
      toil(Toil.IDLE);
    }
  }

  @Override
  public void settings(Http2Settings settings) {
    long change = sender().obey(settings);
    if (change != 0 && !streams.widen(change)) {
      fail(Http2Error.FLOW_CONTROL_ERROR, "more than a window can be");
    }
  }

  @Override
  public void settled() {
    watch.settled();
  }

  @Override
  public void ping(boolean answer, long data) {
    if (!answer) {
      toil(Toil.PING);
      if (reading()) {
        sender().ping(true, data);
      }
    } else if (state == State.LEAVING && data == GOODBYE) {
      goodbye();
    }
  }

  @Override
  public void goAway() {
    if (state == State.OPEN || state == State.LEAVING) {
      state = State.LAST;
    }
  }

  @Override
  public void window(int id, int increment) {
    toil(Toil.WINDOW);
    if (id == 0) {
      if (increment == 0) {
        fail(Http2Error.PROTOCOL_ERROR, "a window is widened by nothing");
      } else if (!sender().widen(increment)) {
        fail(Http2Error.FLOW_CONTROL_ERROR, "more than a window can be");
      }
      return;
    }
    @Nullable Http2Stream known = streams.get(id);
    if (known == null && streams.isAhead(id)) {
      fail(Http2Error.PROTOCOL_ERROR, "a stream that has not begun");
    } else if (increment == 0) {
      fail(id, Http2Error.PROTOCOL_ERROR);
    } else if (known != null && !known.widen(increment)) {
      fault(known, Http2Error.FLOW_CONTROL_ERROR);
    }
  }

  @Override
  public void priority(int id, String field) {
    @Nullable Http2Stream known = streams.get(id);
    if (known != null) {
      known.priority(Http2Priority.of(field));
    }
  }

  @Override
  public void sweep(long nanos) {
    patience.refill(nanos);
    Http2Reader reads = reader;
    if (state == State.CLOSING || reads == null) {
      if (watch.isDone(sender().handed(), nanos)) {
        var _ = channel.close();
      }
      return;
    }
    switch (watch.open(reads, sender().handed(), streams.isEmpty(), nanos)) {
      case FINE -> {
        if (state == State.LEAVING && ++sweeps >= SWEEPS_OF_GOODBYE) {
          goodbye();
        }
        streams.sweep(sender().isLost(nanos), nanos);
      }
      case IDLE -> {
        sender().goAway(streams.last(), Http2Error.NO_ERROR, "");
        end();
      }
      case UNSETTLED -> fail(Http2Error.SETTINGS_TIMEOUT, "SETTINGS are not acknowledged");
      case STUCK ->
          fail(Http2Error.PROTOCOL_ERROR, "a frame that does not end", Reason.REQUEST_TIMEOUT);
      case LOST -> farewell.drop();
    }
  }

  // RFC 9113, 6.8: first the request to begin no more, and when it must have come, the last word
  @Override
  public void drain() {
    if (state == State.OPEN) {
      state = State.LEAVING;
      sender().goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
      sender().ping(false, GOODBYE);
      flushSoon();
    }
  }

  private void goodbye() {
    state = State.LAST;
    sender().goAway(streams.last(), Http2Error.NO_ERROR, "");
    flushSoon();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    state = State.CLOSING;
    loop.remove(this);
    streams.close(sender());
    if (reader != null) {
      reader.close();
    }
    sender().close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("connection of {} failed: {}", channel.remoteAddress(), cause.toString());
    } else {
      LOG.error("connection of {} failed", channel.remoteAddress(), cause);
    }
    var _ = channel.close();
  }
}
