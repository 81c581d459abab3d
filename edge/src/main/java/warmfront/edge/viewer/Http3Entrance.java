package warmfront.edge.viewer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets viewers over HTTP/3 in at one address: a UDP socket for each event loop (SO_REUSEPORT), and
 * QUIC on each. The kernel picks the socket by the viewer's address, which may change; connection
 * ids say which loop a connection is on, and a packet that comes to another is handed over.
 */
final class Http3Entrance extends QuicCodecDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Http3Entrance.class);

  /** What fits on nearly every way without being taken apart, with the headers of IPv6 and UDP. */
  private static final int SENT_BYTES = 1350;

  private static final int RECEIVED_BYTES_MAX = 1500;
  private static final int DATAGRAM_ROOM = 2048;
  private static final int DATAGRAMS_A_CALL = 16;
  private static final int SOCKET_BYTES = 4 << 20;

  /** What all streams may have sent before it is taken, as a multiple of what one may. */
  private static final int WINDOWS = 8;

  private static final int SIDE_BYTES = 16_384;
  private static final int SIDES_MAX = 8; // three are known (RFC 9114, 6.2), and some for grease

  /** The library keeps as many ways as ids: one for each address that a viewer ever had. */
  private static final int CONNECTION_IDS = 16;

  private static final int CONNECTION_REFUSED = 0x2; // RFC 9000, 20.1

  private final Map<EventLoop, Loop> loops;
  private final Door door;
  private final Certificates certificates;
  private final RandomGenerator chance;
  private final QuicSslContext tls;

  /**
   * Makes an entrance.
   *
   * @param chance for keys; used by one thread at a time
   */
  Http3Entrance(
      Map<EventLoop, Loop> loops, Door door, Certificates certificates, RandomGenerator chance) {
    this.loops = loops;
    this.door = door;
    this.certificates = certificates;
    this.chance = chance;
    tls = certificates.quic(name -> door.handler().speaksHttp3(name));
  }

  /**
   * Listens.
   *
   * @return a channel for each loop
   * @throws PortTakenException if that cannot be; then nothing is listened on
   */
  List<Channel> bind(InetSocketAddress address) throws PortTakenException {
    probe(address);
    List<Channel> bound = new ArrayList<>();
    for (EventLoop loop : loops.keySet()) {
      var binding =
          new Bootstrap()
              .group(loop)
              .channel(EpollDatagramChannel.class)
              .option(EpollChannelOption.SO_REUSEPORT, true)
              .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_ROOM)
              .option(
                  ChannelOption.RECVBUF_ALLOCATOR,
                  new FixedRecvByteBufAllocator(DATAGRAM_ROOM * DATAGRAMS_A_CALL))
              .option(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
              .option(ChannelOption.SO_SNDBUF, SOCKET_BYTES)
              .handler(this)
              .bind(address)
              .awaitUninterruptibly();
      if (!binding.isSuccess()) {
        bound.forEach(channel -> channel.close().awaitUninterruptibly());
        throw new PortTakenException(address, binding.cause());
      }
      bound.add(binding.channel());
    }
    return bound;
  }

  /** With SO_REUSEPORT, another process of this user would share the port without a word. */
  private static void probe(InetSocketAddress address) throws PortTakenException {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.bind(address);
    } catch (IOException e) {
      throw new PortTakenException(address, e);
    }
  }

  @Override
  protected void initChannel(Channel channel, int idBytes, QuicConnectionIdGenerator ids) {
    Loop loop = Objects.requireNonNull(loops.get(channel.eventLoop()));
    Limits limits = loop.limits();
    int held = limits.connection().heldBytesMax();
    RetryTokens tokens = new RetryTokens(loop.setup().clock(), chance, loop::isCrowded);
    channel
        .pipeline()
        .addLast(
            new QuicServerCodecBuilder()
                .sslContext(tls)
                .localConnectionIdLength(idBytes)
                .connectionIdAddressGenerator(ids)
                .tokenHandler(tokens)
                .activeConnectionIdLimit(CONNECTION_IDS)
                .maxIdleTimeout(limits.http3().silence().toMillis(), TimeUnit.MILLISECONDS)
                .maxSendUdpPayloadSize(SENT_BYTES)
                .maxRecvUdpPayloadSize(RECEIVED_BYTES_MAX)
                .initialMaxData((long) WINDOWS * held)
                .initialMaxStreamDataBidirectionalRemote(held)
                .initialMaxStreamDataUnidirectional(SIDE_BYTES)
                .initialMaxStreamsBidirectional(limits.http2().streamsMax())
                .initialMaxStreamsUnidirectional(SIDES_MAX)
                .handler(new Welcome(loop))
                .build())
        .addLast(Http3Segments.WATCH, new Troubles());
  }

  /** Begins with a connection, before its handshake. Used on its loop. */
  private final class Welcome extends ChannelInitializer<QuicChannel> {
    private final Loop loop;

    Welcome(Loop loop) {
      this.loop = loop;
    }

    @Override
    protected void initChannel(QuicChannel channel) {
      Tally tally = loop.tally();
      channel.closeFuture().addListener(_ -> tally.closed());
      channel
          .config()
          .setOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, new Http3Segments());
      boolean isRoom = tally.opened(loop.limits().connection().openMax());
      if (isRoom && !loop.draining()) {
        channel.pipeline().addLast(new Http3(channel, loop, door, certificates));
      } else {
        // when its first packet is read: before, there are no keys to tell it with
        loop.executor()
            .execute(() -> {
              var _ = channel.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER);
            });
      }
    }

    @Override
    public boolean isSharable() {
      return true;
    }
  }

  /** What the network says of packets that were sent: a viewer that is gone, mostly. */
  private static final class Troubles extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, @Nullable Throwable cause) {
      LOG.debug("UDP: {}", String.valueOf(cause));
    }
  }
}
