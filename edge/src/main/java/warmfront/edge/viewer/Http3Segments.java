package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Puts packets of one connection together for one call to the kernel, which takes them apart
 * (UDP_SEGMENT; Linux, udp(7)). The first time that the kernel does not, because the device cannot
 * or because the way is too narrow for such packets, is the last for the connection: its packets
 * then go one by one, and what was lost is sent again as any loss is. Used on one loop.
 */
final class Http3Segments implements SegmentedDatagramPacketAllocator {
  /** Packets of 1,350 bytes that are fewer than 64 KiB, and what quiche sends in one go. */
  private static final int PACKETS_MAX = 16;

  /** None where the system has no such thing. */
  private static final SegmentedDatagramPacketAllocator SYSTEM =
      EpollQuicUtils.newSegmentedAllocator(PACKETS_MAX);

  /** Stands where packets are written, and sees what becomes of them. */
  static final ChannelHandler WATCH = new Watch();

  private boolean refused;

  @Override
  public int maxNumSegments() {
    return refused ? 0 : SYSTEM.maxNumSegments();
  }

  @Override
  public DatagramPacket newPacket(ByteBuf packets, int length, InetSocketAddress viewer) {
    return new Several(packets, length, viewer, this);
  }

  @Sharable
  private static final class Watch extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object packet, ChannelPromise promise) {
      var _ =
          context.write(
              packet,
              packet instanceof Several several ? promise.unvoid().addListener(several) : promise);
    }
  }

  /** Several packets, each but the last of the same length. */
  static final class Several extends SegmentedDatagramPacket implements ChannelFutureListener {
    private final Http3Segments segments;

    private Several(ByteBuf packets, int length, InetSocketAddress viewer, Http3Segments segments) {
      super(packets, length, viewer);
      this.segments = segments;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      if (!written.isSuccess() && written.cause() instanceof IOException) {
        segments.refused = true;
      }
    }
  }
}
