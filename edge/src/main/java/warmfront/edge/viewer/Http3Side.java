package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;

/** One stream of a viewer's that is no request; its first number says what it is. */
final class Http3Side extends ChannelInboundHandlerAdapter {
  private static final long UNKNOWN = -1;

  private final Http3Sides sides;
  private final QuicStreamChannel channel;
  private final Http3Number number = new Http3Number();
  private final QpackNumber cancelled = new QpackNumber();
  private final Http3Frames frames;
  private long kind = UNKNOWN;
  private boolean dropped;

  Http3Side(Http3Sides sides, QuicStreamChannel channel) {
    this.sides = sides;
    this.channel = channel;
    frames = new Http3Frames(sides);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!dropped && sides.connection().reading() && (kind != UNKNOWN || begins(in))) {
        read(in);
      }
    } finally {
      in.release();
    }
  }

  private boolean begins(ByteBuf in) {
    if (!number.read(in)) {
      return false;
    }
    kind = number.take();
    if (kind <= Http3Sides.DECODER) {
      return sides.begins(kind);
    }
    // RFC 9114, 6.2: what is not known is not read
    sides.connection().toil(Toil.IDLE);
    sides.connection().unfinished();
    dropped = true;
    var _ = channel.shutdownInput(Http3Error.STREAM_CREATION_ERROR.code());
    return false;
  }

  private void read(ByteBuf in) {
    if (kind == Http3Sides.CONTROL) {
      frames.read(in, sides.connection().loop().http3());
    } else if (kind == Http3Sides.ENCODER) {
      dropped = !sides.encoder(in);
    } else {
      dropped = !sides.decoder(in, cancelled);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      closed();
    }
  }

  /** RFC 9114, 6.2.1: those that are known stay until the connection ends. */
  private void closed() {
    if (kind >= 0 && kind <= Http3Sides.DECODER) {
      sides.connection().fail(Http3Error.CLOSED_CRITICAL_STREAM, "a stream that must stay");
    }
    var _ = channel.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    closed(); // reset by the viewer
  }
}
