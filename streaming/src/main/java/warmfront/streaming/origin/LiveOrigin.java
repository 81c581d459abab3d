package warmfront.streaming.origin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import warmfront.time.Clock;

/**
 * Channels over HTTP/1.1, as a custom origin of web distributions: {@code /CHANNEL/index.m3u8},
 * {@code /CHANNEL/manifest.mpd}, {@code /CHANNEL.flv}, and what these name. A channel is packaged
 * from the first request for it on, while there are any. Thread-safe.
 */
public final class LiveOrigin implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private static final int TARGET_BYTES = 2048;

  private static final int HEADER_BYTES = 16 << 10;

  private static final int CHUNK_BYTES = 8 << 10;

  private static final int FLUSHES_TOGETHER = 64;

  private static final long QUIET_MILLIS = 20;

  private static final long CLOSE_MILLIS = 2000;

  private final EventLoopGroup group;
  private final Stations stations;
  private final Door door;
  private final InetSocketAddress address;

  /**
   * What it has come to.
   *
   * @param connections open now
   * @param waiting requests that are held now
   * @param channels that are packaged now
   * @param requests since the start
   */
  public record Counters(int connections, int waiting, int channels, long requests) {}

  private LiveOrigin(EventLoopGroup group, Stations stations, Door door, InetSocketAddress at) {
    this.group = group;
    this.stations = stations;
    this.door = door;
    this.address = at;
  }

  /**
   * Listens and serves.
   *
   * @param loops number of event loops, at least 1
   * @throws IOException if the address cannot be listened on
   */
  public static LiveOrigin start(
      InetSocketAddress address, int loops, Source source, OriginLimits limits, Clock clock)
      throws IOException {
    boolean epoll = Epoll.isAvailable();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            loops,
            new DefaultThreadFactory("live-origin", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Stations stations = new Stations(source, group, clock, limits);
    Door door = new Door(stations, source, limits, clock);
    Class<? extends ServerChannel> sockets =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    var binding =
        new ServerBootstrap()
            .group(group)
            .channel(sockets)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(limits.flvBytes() / 4, limits.flvBytes()))
            .childHandler(new Entrance(door))
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      var _ = group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      throw new IOException("cannot listen on " + address, binding.cause());
    }
    return new LiveOrigin(
        group, stations, door, (InetSocketAddress) binding.channel().localAddress());
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Returns what it has come to so far. */
  public Counters counters() {
    return door.counters();
  }

  /** Ends all connections and listens no more. Idempotent. */
  @Override
  public void close() {
    stations.close();
    var _ =
        group
            .shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(2 * CLOSE_MILLIS);
  }

  /** Furnishes what is accepted. */
  private static final class Entrance extends ChannelInitializer<Channel> {
    private final Door door;

    Entrance(Door door) {
      this.door = door;
    }

    @Override
    protected void initChannel(Channel channel) {
      HttpDecoderConfig framing =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(TARGET_BYTES)
              .setMaxHeaderSize(HEADER_BYTES)
              .setMaxChunkSize(CHUNK_BYTES);
      channel
          .pipeline()
          .addLast(
              new FlushConsolidationHandler(FLUSHES_TOGETHER, true),
              new HttpServerCodec(framing),
              new Connection(door));
    }
  }
}
