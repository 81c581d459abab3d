package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Head;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Response;
import warmfront.edge.step.Tls;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

/**
 * One HTTP/1 connection: takes requests one after another, and the next when the response to the
 * last is written, so that responses keep the order of pipelined requests (RFC 9112, 9.3.2).
 */
final class Http1 extends ChannelInboundHandlerAdapter implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Http1.class);
  private static final byte[] LINE_END = Ascii.bytes("\r\n");
  private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");
  private static final Refusal TOO_LARGE =
      new Refusal(413, Reason.BODY_TOO_LARGE, "The request's body is too large.");

  /** What the bytes that come next are. */
  private enum Phase {
    /** A request line and header. */
    HEAD,
    /** The body of a request. */
    BODY,
    /** Requests that came before the last was answered. */
    EARLY,
    /** The rest of a body nobody wants. */
    DRAIN,
    /** Nothing that will be read. */
    CLOSING
  }

  private final Channel channel;
  private final Loop loop;
  private final Door door;
  private final Intake intake;
  private final Fronting fronting;
  private final InetSocketAddress viewer;
  private final HeadReader heads;
  private final Farewell farewell;
  private final Stall stall;
  private final Http1Input input;
  private final Http1Output output;
  private Phase phase = Phase.HEAD;
  private @Nullable Http1Exchange exchange;
  private @Nullable Http1Sender sender;
  private @Nullable Http1Upload upload;
  private boolean closeAfter;
  private boolean reading;
  private boolean advancing;
  private long since;
  private volatile boolean gone;

  Http1(Channel channel, Loop loop, Door door, Optional<Tls> tls, Fronting fronting) {
    this.channel = channel;
    this.loop = loop;
    this.door = door;
    intake = new Intake(loop, door, tls, fronting, Visit.of(channel));
    this.fronting = fronting;
    viewer = (InetSocketAddress) channel.remoteAddress();
    heads = new HeadReader(loop, Visit.of(channel));
    farewell = new Farewell(channel);
    input = new Http1Input(channel.alloc());
    output = new Http1Output(channel, loop, tls.isPresent());
    since = loop.nanos();
    stall = new Stall(channel, loop.limits().times(), since);
  }

  Channel channel() {
    return channel;
  }

  Loop loop() {
    return loop;
  }

  Door door() {
    return door;
  }

  Http1Output output() {
    return output;
  }

  boolean gone() {
    return gone;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    loop.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (phase == Phase.CLOSING || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    reading = true;
    input.add(bytes);
    advance();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    output.flushSoon();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      if (sender != null) {
        sender.resume();
      }
      advance();
    } else {
      output.due();
      output.flush();
    }
  }

  /** Sends what was written: at once, or after the batch that is being read. */
  void flush() {
    if (!reading && !advancing) {
      output.flush();
    }
  }

  /** Goes as far as the bytes at hand and the responses that are due allow. */
  private void advance() {
    if (advancing) {
      return; // called from within: the loop below goes on
    }
    advancing = true;
    boolean more = true;
    while (more) {
      more = !gone && step();
    }
    advancing = false;
    if (gone) {
      input.drop();
    } else {
      input.keep();
    }
    if (!reading) {
      output.flushSoon();
    }
    pace();
  }

  private boolean step() {
    ByteBuf bytes = input.bytes();
    return switch (phase) {
      case HEAD -> head(bytes);
      case BODY, DRAIN -> body(bytes);
      case EARLY -> false;
      case CLOSING -> {
        bytes.skipBytes(bytes.readableBytes());
        yield false;
      }
    };
  }

  /** Reads on if more bytes are of use now. */
  private void pace() {
    if (gone) {
      return;
    }
    int max = loop.limits().connection().heldBytesMax();
    int held = input.length();
    boolean read =
        switch (phase) {
          case HEAD -> channel.isWritable();
          case BODY -> upload == null || (upload.wanted() && held < max);
          case EARLY -> held < max;
          case DRAIN, CLOSING -> true;
        };
    if (read != channel.config().isAutoRead()) {
      channel.config().setAutoRead(read);
    }
  }

  private boolean head(ByteBuf bytes) {
    if (!channel.isWritable() || !bytes.isReadable()) {
      return false;
    }
    boolean begins = !heads.begun();
    if (begins) {
      since = loop.nanos();
    }
    @Nullable Received received = heads.read(bytes);
    if (received == null) {
      return false;
    }
    return switch (received) {
      case Accepted accepted -> accept(accepted, begins ? since : loop.nanos());
      case Refusal refusal -> refuse(refusal);
    };
  }

  private boolean accept(Accepted asked, long now) {
    if (!fronting.allows(asked.host())) {
      return refuse(Fronting.REFUSAL);
    }
    if (asked.bodyLength() > loop.limits().message().bodyBytesMax()) {
      return refuse(TOO_LARGE);
    }
    Http1Exchange taken = new Http1Exchange(this, asked);
    exchange = taken;
    @Nullable RequestBody comes = taken.upload();
    if (comes == null) {
      phase = Phase.EARLY;
    } else {
      upload = new Http1Upload(loop.limits(), asked, comes, now);
      phase = Phase.BODY;
    }
    intake.accept(asked, taken.body(), taken, viewer, now);
    return true;
  }

  private boolean body(ByteBuf bytes) {
    if (upload == null) {
      return false;
    }
    return switch (upload.read(bytes)) {
      case LATER -> false;
      case PART -> true;
      case END -> bodyEnded();
      case MALFORMED -> spoiled(Received.malformed("The request's body is not rightly chunked."));
      case TOO_LARGE -> spoiled(TOO_LARGE);
      case UNWANTED -> abandon();
    };
  }

  private boolean bodyEnded() {
    upload = null;
    boolean drain = phase == Phase.DRAIN;
    phase = drain ? Phase.HEAD : Phase.EARLY;
    since = loop.nanos();
    if (!drain && exchange != null) {
      exchange.complete();
    }
    return true;
  }

  /** The body cannot be read on: the connection ends, after an error if no response has begun. */
  private boolean spoiled(Refusal refusal) {
    Http1Exchange reads = exchange;
    upload = null;
    farewell.linger();
    closeAfter = true;
    phase = Phase.CLOSING;
    if (reads == null) {
      return abandon();
    }
    if (reads.claim()) {
      loop.tally().refused(refusal.reason());
      String id = loop.nextId();
      sender = new Http1Sender(this, reads, _ -> {});
      sender.send(
          ErrorPage.because(refusal.reason(), refusal.status(), refusal.detail(), id, true), false);
    }
    reads.breakOff(refusal.detail());
    return true;
  }

  private boolean abandon() {
    upload = null;
    farewell.linger();
    phase = Phase.CLOSING;
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shut());
    return true;
  }

  private boolean refuse(Refusal refusal) {
    phase = Phase.CLOSING;
    farewell.linger();
    since = loop.nanos();
    loop.tally().refused(refusal.reason());
    String id = loop.nextId();
    sender =
        new Http1Sender(
            this,
            null,
            sent ->
                door.handler().refused(door.place(), id, refusal.status(), refusal.reason(), sent));
    sender.send(
        ErrorPage.because(refusal.reason(), refusal.status(), refusal.detail(), id, true), false);
    return true;
  }

  /** Sends the one response to an exchange. */
  void send(Http1Exchange answered, Response response, Consumer<Delivery> whenSent) {
    boolean drainable = phase != Phase.BODY || (upload != null && upload.isDrainable());
    boolean keep = answered.asked().keepAlive() && !closeAfter && !loop.draining() && drainable;
    if (!drainable) {
      farewell.linger();
    }
    sender = new Http1Sender(this, answered, whenSent);
    sender.send(response, keep);
  }

  /** The last byte of a response is written, though perhaps not sent. */
  void answered(Http1Sender last) {
    exchange = null;
    sender = null;
    closeAfter |= last.closing();
    if (upload != null && phase == Phase.BODY) {
      phase = Phase.DRAIN;
      if (closeAfter) {
        farewell.linger();
      }
      upload.drain(loop.nanos());
    } else if (phase == Phase.EARLY) {
      phase = Phase.HEAD;
    }
    if (closeAfter) {
      if (input.length() > 0) {
        farewell.linger();
      }
      phase = Phase.CLOSING;
    }
    if (phase != Phase.HEAD) {
      since = loop.nanos();
    }
    advance();
  }

  /** The last byte of a response is sent, or cannot be. */
  void delivered(Http1Sender last, long now) {
    if (phase == Phase.HEAD && !heads.begun()) {
      since = now;
    }
    if (last.closing() || (closeAfter && exchange == null && sender == null)) {
      shut();
    }
  }

  /** Makes the end of the connection a reset. */
  void reset() {
    farewell.reset();
  }

  private void shut() {
    since = loop.nanos();
    pace();
    farewell.say();
  }

  /** The reader of a body waits for it. */
  void bodyWanted(Http1Exchange reads) {
    if (reads != exchange || phase != Phase.BODY || upload == null) {
      return;
    }
    if (upload.continueDue() && !reads.answered()) {
      output.aside(Unpooled.wrappedBuffer(CONTINUE));
      flush();
    }
    advance();
  }

  /** Sends an interim response to the viewer whose turn it is, unless it is of HTTP/1.0. */
  void interim(Http1Exchange of, Head head) {
    boolean may = of == exchange && !of.answered() && !gone();
    if (may && of.asked().protocol() != Protocol.HTTP_1_0) {
      output.aside(Unpooled.wrappedBuffer(Http1Form.of(head).bytes(), LINE_END));
      flush();
    }
  }

  /** The reader of a body took some of it, or wants no more. */
  void bodyTaken(Http1Exchange reads) {
    if (reads == exchange && !advancing) {
      advance();
    }
  }

  @Override
  public void sweep(long now) {
    Limits.Times times = loop.limits().times();
    if (stall.isLost(output.handed(), now)) {
      farewell.drop();
      return;
    }
    switch (phase) {
      case HEAD -> sweepHead(now, times);
      case BODY -> {
        if (upload != null && upload.isLost(stall.pending(), now)) {
          spoiled(new Refusal(408, Reason.REQUEST_TIMEOUT, "The request's body did not come."));
        }
      }
      case DRAIN -> {
        if (upload != null && upload.isLost(stall.pending(), now)) {
          var _ = channel.close();
        }
      }
      case CLOSING -> {
        if (over(times.linger(), now) && exchange == null && !stall.pending()) {
          var _ = channel.close();
        }
      }
      case EARLY -> {}
    }
  }

  private void sweepHead(long now, Limits.Times times) {
    if (heads.begun()) {
      if (over(times.head(), now)) {
        refuse(new Refusal(408, Reason.REQUEST_TIMEOUT, "The request's header did not come."));
      }
    } else if (over(times.idle(), now) && !stall.pending()) {
      var _ = channel.close();
    }
  }

  private boolean over(Duration limit, long now) {
    return now - since > limit.toNanos();
  }

  @Override
  public void drain() {
    if (phase == Phase.HEAD && !heads.begun()) {
      phase = Phase.CLOSING;
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone = true;
    loop.remove(this);
    if (!advancing) {
      input.drop();
    }
    output.gone();
    if (sender != null) {
      sender.gone();
    }
    if (exchange != null) {
      exchange.breakOff("the viewer is gone");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof io.netty.handler.codec.DecoderException) {
      LOG.debug("connection of {} failed: {}", viewer, cause.toString());
    } else {
      LOG.error("connection of {} failed", viewer, cause);
    }
    var _ = channel.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (!advancing) {
      input.drop();
    }
    output.gone();
  }
}
