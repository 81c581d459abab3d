package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Flow;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Http3Frames.Way;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.http.Method;

/**
 * One request over HTTP/3 as it comes in (RFC 9114, section 4.1), and what becomes of its stream.
 */
final class Http3Stream extends ChannelInboundHandlerAdapter implements Http3Frames.Events {
  private static final Logger LOG = LoggerFactory.getLogger(Http3Stream.class);

  /** QUIC's own urgency of what has none said; RFC 9218's are around it. */
  private static final int URGENCY_BASE = 124;

  private static final Refusal TOO_LARGE =
      new Refusal(494, Reason.HEADER_TOO_LARGE, "The request's header is too large.");

  /** What has come. */
  private enum Part {
    NOTHING,
    HEAD,
    TRAILERS,
    /** What may still come is not looked at. */
    REFUSED
  }

  private final Http3 connection;
  private final QuicStreamChannel channel;
  private final Http3Frames frames = new Http3Frames(this);
  private final long begun;
  private Part part = Part.NOTHING;
  private @Nullable Accepted held;
  private @Nullable Http3Upload upload;
  private @Nullable Http3Answer answer;
  private @Nullable ByteBuf current;
  private boolean ended;
  private boolean gone;
  private int place;

  Http3Stream(Http3 connection, QuicStreamChannel channel) {
    this.connection = connection;
    this.channel = channel;
    begun = connection.loop().nanos();
  }

  long id() {
    return channel.streamId();
  }

  /** Returns where it is among its connection's requests. */
  int place() {
    return place;
  }

  void place(int index) {
    place = index;
  }

  QuicStreamChannel channel() {
    return channel;
  }

  Http3 connection() {
    return connection;
  }

  /** Returns whether it is over. */
  boolean isGone() {
    return gone;
  }

  /** Returns what was received of a body. */
  long received() {
    return upload == null ? 0 : upload.received();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!connection.begins(this)) {
      gone = true;
      shut(Http3Error.REQUEST_REJECTED);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!gone && connection.reading()) {
        current = in;
        frames.read(in, connection.loop().http3());
        current = null;
        if (channel.isInputShutdown()) {
          end();
        }
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      end();
    }
  }

  /** Returns whether what is being read is the last that comes. */
  private boolean isLast() {
    return channel.isInputShutdown() && current != null && !current.isReadable();
  }

  private void end() {
    if (ended || gone || !connection.reading()) {
      return;
    }
    ended = true;
    if (part == Part.REFUSED) {
      return;
    }
    @Nullable Accepted waiting = held;
    if (frames.isInside()) {
      connection.fail(Http3Error.FRAME_ERROR, "a frame does not end"); // RFC 9114, 7.1
    } else if (part == Part.NOTHING) {
      fault(Http3Error.REQUEST_INCOMPLETE);
    } else if (waiting != null) {
      held = null;
      accept(waiting.withoutBody());
    } else if (upload != null && !upload.end()) {
      fault(Http3Error.MESSAGE_ERROR);
    }
  }

  /** Returns whether a frame is of HTTP/2 and not of HTTP/3 (RFC 9114, 7.2.8). */
  static boolean isForeign(long type) {
    return type == 0x2 || type == 0x6 || type == 0x8 || type == 0x9;
  }

  @Override
  public Way begins(long type, long length) {
    if (type == Http3Frames.DATA) {
      return data(length);
    }
    if (type == Http3Frames.HEADERS) {
      return head(length);
    }
    if (isForeign(type)
        || (type >= Http3Frames.CANCEL_PUSH && type <= Http3Frames.PUSH_PROMISE)
        || type == Http3Frames.GOAWAY
        || type == Http3Frames.MAX_PUSH_ID
        || type == Http3Frames.PRIORITY_UPDATE) {
      return unexpected();
    }
    connection.toil(Toil.IDLE); // RFC 9114, 9: ignored
    if (length > connection.loop().limits().connection().drainBytesMax()) {
      connection.fail(Http3Error.EXCESSIVE_LOAD, "a long frame of an unknown type");
    }
    return connection.reading() ? Way.SKIPPED : Way.REFUSED;
  }

  private Way unexpected() {
    connection.fail(Http3Error.FRAME_UNEXPECTED, "a frame where it cannot be");
    return Way.REFUSED;
  }

  private Way data(long length) {
    if (part != Part.HEAD) {
      return unexpected();
    }
    if (length == 0) {
      connection.toil(Toil.EMPTY);
    }
    @Nullable Accepted waiting = held;
    if (waiting != null) {
      held = null;
      accept(waiting);
    }
    return gone ? Way.REFUSED : Way.PASSED_ON;
  }

  private Way head(long length) {
    if (part == Part.TRAILERS) {
      return unexpected();
    }
    if (length <= connection.loop().limits().http2().blockBytesMax()) {
      return Way.GATHERED;
    }
    if (part == Part.NOTHING) {
      refuse(TOO_LARGE);
    } else {
      fault(Http3Error.MESSAGE_ERROR);
    }
    return Way.REFUSED;
  }

  @Override
  public boolean whole(long type, byte[] block, int length) {
    Http2Parser parser = connection.loop().http3().parser().begin();
    if (!connection.loop().qpack().decode(block, length, parser)) {
      connection.fail(Http3Error.QPACK_DECOMPRESSION_FAILED, "a header block is wrong");
      return false;
    }
    if (part == Part.NOTHING) {
      part = Part.HEAD;
      requested(parser);
    } else {
      part = Part.TRAILERS;
      trailers(parser);
    }
    return !gone && part != Part.REFUSED;
  }

  private void requested(Http2Parser parser) {
    boolean last = isLast();
    switch (connection.intake().judged(parser.end(last))) {
      case Refusal refusal -> refuse(refusal);
      case Accepted asked -> {
        if (!parser.priority().equals(Http2Priority.UNSAID)) {
          priority(parser.priority());
        }
        if (!last && asked.method().isRead() && asked.bodyLength() < 0) {
          held = asked; // its end may be in the next packet, and a GET with a body is refused
        } else {
          accept(asked);
        }
      }
    }
  }

  private void accept(Accepted asked) {
    Http3Answer reply = new Http3Answer(this, asked.method().equals(Method.HEAD));
    answer = reply;
    Flow body = NoBody.INSTANCE;
    if (asked.bodyLength() != 0) {
      upload = new Http3Upload(this, asked);
      body = upload.body();
    }
    Intake intake = connection.intake();
    intake.accept(asked, body, reply, connection.viewer(), connection.loop().nanos());
  }

  private void refuse(Refusal refusal) {
    part = Part.REFUSED;
    Intake intake = connection.intake();
    if (refusal.status() == 400) {
      fault(Http3Error.MESSAGE_ERROR);
      intake.malformed(refusal, connection.loop().nanos());
    } else {
      Http3Answer reply = new Http3Answer(this, false);
      answer = reply;
      intake.refuse(refusal, reply);
    }
  }

  private void trailers(Http2Parser parser) {
    if (held != null || !parser.isTrailers()) {
      fault(Http3Error.MESSAGE_ERROR); // a GET has none here, as over HTTP/2
    }
  }

  @Override
  public boolean part(ByteBuf content, int length) {
    if (upload == null) {
      fault(Http3Error.MESSAGE_ERROR); // more than the length of 0 that was announced
      return false;
    }
    Http3Error wrong = upload.data(content, length);
    if (wrong != Http3Error.NO_ERROR) {
      fault(wrong);
    }
    return !gone;
  }

  /** Sends an interim response, unless the final one has begun. */
  void interim(int status) {
    if (answer != null) {
      answer.interim(status);
    }
  }

  /** Puts its response before or after others. */
  void priority(Http2Priority priority) {
    var _ =
        channel.updatePriority(
            new QuicStreamPriority(URGENCY_BASE + priority.urgency(), priority.shared()));
  }

  /** Ends it because of what the viewer sent. */
  private void fault(Http3Error error) {
    connection.toil(Toil.FAULT);
    reset(error);
  }

  /** Ends it in the midst of something. */
  void reset(Http3Error error) {
    if (gone) {
      return;
    }
    leave("the viewer is gone");
    shut(error);
  }

  private void shut(Http3Error error) {
    if (!channel.isInputShutdown()) {
      connection.unfinished();
    }
    channel.config().setAutoRead(false);
    channel.shutdown(error.code()).addListener(ChannelFutureListener.CLOSE);
  }

  /** Its response is complete: what is still to come of the request is not needed. */
  void answeredWholly() {
    if (gone) {
      return;
    }
    gone = true;
    connection.over(this);
    connection.earned();
    if (upload != null) {
      upload.cancel();
    }
    if (!channel.isInputShutdown()) {
      connection.unfinished();
      channel.config().setAutoRead(false);
      channel
          .shutdownInput(Http3Error.NO_ERROR.code()) // RFC 9114, 4.1
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Its connection is gone. */
  void gone() {
    if (!gone) {
      leave("the viewer is gone");
    }
  }

  private void leave(String why) {
    gone = true;
    connection.over(this);
    if (upload != null) {
      upload.breakOff(why);
    }
    if (answer != null) {
      answer.close();
    }
  }

  /** Looks whether the viewer takes too long. */
  void sweep(boolean isStill, long nanos) {
    if (gone) {
      return;
    }
    boolean isHead = part == Part.NOTHING || held != null;
    if (isHead && nanos - begun > connection.loop().limits().times().head().toNanos()) {
      connection.loop().tally().refused(Reason.REQUEST_TIMEOUT);
      reset(Http3Error.REQUEST_INCOMPLETE);
    } else if (upload != null && upload.isLost(nanos)) {
      upload.breakOff("the request's body did not come");
      reset(Http3Error.REQUEST_INCOMPLETE);
    } else if (answer != null && answer.isLost(isStill, nanos)) {
      reset(Http3Error.REQUEST_CANCELLED);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("stream {} of {} failed: {}", id(), connection.viewer(), cause.toString());
    if (!gone) {
      connection.toil(Toil.RESET);
      reset(Http3Error.REQUEST_CANCELLED);
    }
  }
}
