package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.SniCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Tls;

/**
 * One HTTP/3 connection (RFC 9114): which streams there are, what the viewer demands, and how it
 * ends. QUIC below it (RFC 9000) is the library's: packets, windows, loss and congestion.
 */
final class Http3 extends ChannelInboundHandlerAdapter implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Http3.class);
  private static final long LAST_ID = (1L << 62) - 4; // the last stream that there can be
  private static final long NEXT = 4; // from one request's stream to the next (RFC 9000, 2.1)
  private static final int SWEEPS_OF_GOODBYE = 2;

  private enum State {
    /** TLS is not done. */
    SHAKING,
    /** Requests begin and end. */
    OPEN,
    /** Requests still begin, but the viewer was asked to begin no more (RFC 9114, 5.2). */
    LEAVING,
    /** No request begins any more. */
    LAST,
    /** Nothing is read any more. */
    CLOSING
  }

  private final QuicChannel channel;
  private final Loop loop;
  private final Door door;
  private final Certificates certificates;
  private final Limits limits;
  private final Patience patience;
  private final Pace pace;
  private final Http3Heads heads;
  private final List<Http3Stream> streams = new ArrayList<>();
  private final Http3Sides sides = new Http3Sides(this);
  private State state = State.SHAKING;
  private String serverName = "";
  private @Nullable Intake intake;
  private @Nullable InetSocketAddress viewer;
  private @Nullable QuicStreamChannel control;
  private final long begun;
  private long since;
  private long next;
  private int sweeps;
  private int unfinished;
  private long moved;
  private boolean left;

  Http3(QuicChannel channel, Loop loop, Door door, Certificates certificates) {
    this.channel = channel;
    this.loop = loop;
    this.door = door;
    this.certificates = certificates;
    limits = loop.limits();
    begun = loop.nanos();
    since = begun;
    patience = new Patience(limits.http2(), begun);
    pace = Pace.of(limits.times(), begun);
    heads = new Http3Heads(loop, door);
  }

  Loop loop() {
    return loop;
  }

  Http3Heads heads() {
    return heads;
  }

  /** Returns what judges requests; only streams ask, and there are none before it is there. */
  Intake intake() {
    return Objects.requireNonNull(intake);
  }

  /**
   * Returns the viewer's address: the last one that was proved (RFC 9000, section 8), so that
   * nobody asks in the name of another.
   */
  InetSocketAddress viewer() {
    return Objects.requireNonNull(viewer);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    loop.add(this);
    loop.shaking(1);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case SniCompletionEvent named when named.hostname() != null ->
          serverName = Ascii.lower(named.hostname());
      case QuicPathEvent.Validated path -> moved(path.remote().getAddress());
      default -> {}
    }
    context.fireUserEventTriggered(event);
  }

  /** The viewer has proved another address; the library's event mixes up the bytes of the port. */
  private void moved(InetAddress proved) {
    if (channel.remoteSocketAddress() instanceof InetSocketAddress latest
        && latest.getAddress().equals(proved)) {
      viewer = latest;
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    loop.shaking(-1);
    var proved = (InetSocketAddress) Objects.requireNonNull(channel.remoteSocketAddress());
    viewer = proved;
    state = State.OPEN;
    since = loop.nanos();
    boolean isAdmitted = loop.admit(channel, proved.getAddress());
    intake = new Intake(loop, door, Optional.of(tls()), fronting(), Visit.of(channel));
    if (!isAdmitted) {
      end(Http3Error.EXCESSIVE_LOAD, "too many connections of one address");
      return;
    }
    channel
        .collectPathStats(0)
        .addListener(stats -> {
          if (stats.isSuccess()) {
            measure((QuicConnectionPathStats) stats.getNow());
          }
        });
    channel
        .createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
        .addListener(made -> {
          if (made.isSuccess()) {
            greet((QuicStreamChannel) made.getNow());
          }
        });
    if (loop.draining()) {
      drain();
    }
    context.fireChannelActive();
  }

  /** The library does not tell whether a session was resumed, nor what the viewer offered. */
  private Tls tls() {
    SSLSession session = Objects.requireNonNull(channel.sslEngine()).getSession();
    return TlsDone.tls(session, serverName, Tls.Beginning.FULL_HANDSHAKE, Optional.empty());
  }

  private Fronting fronting() {
    return new Fronting(serverName, certificates.coverage(serverName));
  }

  private void measure(QuicConnectionPathStats path) {
    loop.roundTrips()
        .take(
            door.place().location().id(),
            viewer().getAddress(),
            path.rtt() / 1000,
            path.lost() + path.retrans());
  }

  // RFC 9114, 6.2.1: a stream that begins with SETTINGS; of QPACK's table there is none
  private void greet(QuicStreamChannel stream) {
    ByteBuf settings = Unpooled.buffer();
    Http3Number.write(settings, Http3Sides.MAX_FIELD_SECTION_SIZE);
    Http3Number.write(settings, limits.message().headBytesMax());
    ByteBuf out = stream.alloc().directBuffer().writeByte(Http3Sides.CONTROL);
    control = stream;
    frame(out, Http3Frames.SETTINGS, settings);
  }

  private void frame(ByteBuf out, int type, ByteBuf content) {
    QuicStreamChannel stream = control;
    Http3Number.write(out, type);
    Http3Number.write(out, content.readableBytes());
    out.writeBytes(content);
    content.release();
    if (stream == null) {
      out.release();
    } else {
      stream.writeAndFlush(out).addListener(_ -> {});
    }
  }

  private void goAway(long id) {
    ByteBuf content = Unpooled.buffer();
    Http3Number.write(content, id);
    frame(channel.alloc().directBuffer(), Http3Frames.GOAWAY, content);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    QuicStreamChannel stream = (QuicStreamChannel) message;
    if (stream.type() == QuicStreamType.BIDIRECTIONAL) {
      stream.pipeline().addLast(new Http3Stream(this, stream));
    } else {
      stream.pipeline().addLast(new Http3Side(sides, stream));
    }
    context.fireChannelRead(stream);
  }

  /** Returns whether frames are still read. */
  boolean reading() {
    return state != State.CLOSING;
  }

  /** A request begins; false if it may not. */
  boolean begins(Http3Stream stream) {
    if (state == State.LAST || state == State.CLOSING) {
      toil(Toil.IDLE); // RFC 9114, 5.2: begun before it knew
      return false;
    }
    if (streams.size() >= limits.http2().streamsMax()) {
      toil(Toil.FAULT);
      return false;
    }
    next = Math.max(next, stream.id() + NEXT);
    since = loop.nanos();
    stream.place(streams.size());
    streams.add(stream);
    return true;
  }

  /** A request is over, with its response or without. */
  void over(Http3Stream stream) {
    int place = stream.place();
    Http3Stream last = streams.removeLast();
    if (last != stream) {
      last.place(place);
      streams.set(place, last);
    }
    since = loop.nanos();
  }

  /** The library will remember a stream that its viewer has not ended. */
  void unfinished() {
    unfinished++;
    if (unfinished == limits.http3().unfinishedMax()) {
      drain();
    }
  }

  /** Something was served. */
  void earned() {
    patience.earn();
  }

  /** So many bytes of responses were taken over by QUIC, which takes them as the viewer does. */
  void moved(long bytes) {
    moved += bytes;
  }

  /** The viewer did what brings nothing forward. */
  void toil(Toil toil) {
    if (!patience.spend(toil) && reading()) {
      loop.tally().calmed(toil);
      fail(Http3Error.EXCESSIVE_LOAD, "too much of " + toil, Reason.OVERLOADED);
    }
  }

  /** The viewer wants a response sooner or later than it said (RFC 9218, section 7). */
  void priority(long id, String field) {
    for (Http3Stream stream : streams) {
      if (stream.id() == id) {
        stream.priority(Http2Priority.of(field));
      }
    }
  }

  /** Ends the connection because of what the viewer sent. */
  void fail(Http3Error error, String why) {
    fail(error, why, Reason.MALFORMED);
  }

  private void fail(Http3Error error, String why, Reason reason) {
    if (reading()) {
      LOG.debug("connection of {} ended: {} {}", viewer, error, why);
      loop.tally().refused(reason);
      end(error, why);
    }
  }

  /** Later, because the library may be in the midst of what it read for this connection. */
  private void end(Http3Error error, String why) {
    state = State.CLOSING;
    loop.executor()
        .execute(() -> {
          ByteBuf text = Unpooled.copiedBuffer(why, java.nio.charset.StandardCharsets.US_ASCII);
          var _ = channel.close(true, error.code(), text);
        });
  }

  @Override
  public void sweep(long nanos) {
    patience.refill(nanos);
    switch (state) {
      case SHAKING -> {
        if (nanos - begun > limits.times().handshake().toNanos()) {
          state = State.CLOSING;
          var _ = channel.close();
        }
      }
      case OPEN, LEAVING, LAST -> {
        pace.moved(moved);
        moved = 0;
        boolean isStill = pace.isLost(!streams.isEmpty(), nanos);
        List.copyOf(streams).forEach(stream -> stream.sweep(isStill, nanos));
        age(nanos);
      }
      case CLOSING -> {}
    }
  }

  private void age(long nanos) {
    if (state == State.LEAVING && ++sweeps >= SWEEPS_OF_GOODBYE) {
      state = State.LAST;
      goAway(next);
    }
    long idle = nanos - since;
    if (!streams.isEmpty()) {
      return;
    }
    if (state == State.LAST && idle > limits.times().linger().toNanos()) {
      end(Http3Error.NO_ERROR, "");
    } else if (idle > limits.times().idle().toNanos()) {
      goAway(next);
      end(Http3Error.NO_ERROR, "");
    }
  }

  // RFC 9114, 5.2: first the request to begin no more, and when it must have come, the last word
  @Override
  public void drain() {
    if (state == State.OPEN) {
      state = State.LEAVING;
      goAway(LAST_ID);
    } else if (state == State.SHAKING) {
      end(Http3Error.NO_ERROR, "");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    leave();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    leave();
  }

  private void leave() {
    if (left) {
      return;
    }
    left = true;
    if (intake == null) {
      loop.shaking(-1);
      loop.tally().handshakeFailed();
    }
    state = State.CLOSING;
    loop.remove(this);
    List.copyOf(streams).forEach(Http3Stream::gone);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection of {} failed: {}", viewer, cause.toString());
  }
}
