package warmfront.streaming.rtmp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.time.Clock;

/**
 * The sockets that RTMP is spoken on, and event loops of their own: what streams hold up is no
 * request. Each loop accepts for itself on each address and keeps what it accepts (epoll and
 * SO_REUSEPORT); without epoll, one loop accepts for all. Thread-safe.
 */
public final class RtmpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpServer.class);
  private static final int BACKLOG = 4096;

  private static final Set<Variant> OPEN =
      Set.of(Variant.RTMP, Variant.RTMPE, Variant.RTMPT, Variant.RTMPTE);

  /** What the kernel may hold of a stream that has not left: what is later is known to be late. */
  private static final long UNSENT_BYTES = 65_536;

  private static final long POLL_MILLIS = 10;
  private static final long QUIET_MILLIS = 20;

  private final Limits limits;
  private final Clock clock;
  private final RandomGenerator chance;
  private final boolean epoll;
  private final EventLoopGroup group;
  private final Tally tally;
  private final List<Channel> bound = new ArrayList<>();
  private List<Loop> loops = List.of();

  /**
   * Starts event loops; they accept nothing yet.
   *
   * @param chance for handshakes and ids
   * @param loops number of event loops
   */
  public RtmpServer(Limits limits, Clock clock, RandomGenerator chance, int loops) {
    this(limits, clock, chance, loops, Epoll.isAvailable());
  }

  RtmpServer(Limits limits, Clock clock, RandomGenerator chance, int loops, boolean epoll) {
    this.limits = limits;
    this.clock = clock;
    this.chance = chance;
    this.epoll = epoll;
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("rtmp"), io);
    tally = new Tally(limits.connection());
  }

  /** Listens and serves, in all variants that need no certificate. Called once. */
  public List<InetSocketAddress> start(List<InetSocketAddress> addresses, Sessions sessions)
      throws IOException {
    return start(addresses, OPEN, Tls.NONE, sessions);
  }

  /**
   * Listens and serves. Called once.
   *
   * @param variants what is spoken; who begins another is not heard
   * @param tls for variants within TLS
   * @return the addresses listened on, in the order of {@code addresses}
   * @throws IOException if an address cannot be listened on; then none is
   */
  public synchronized List<InetSocketAddress> start(
      List<InetSocketAddress> addresses, Set<Variant> variants, Tls tls, Sessions sessions)
      throws IOException {
    if (!loops.isEmpty()) {
      throw new IllegalStateException("started already");
    }
    Map<EventLoop, Loop> byExecutor = new HashMap<>();
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      byExecutor.put(loop, new Loop(loop, limits, clock, seeded(), tally, sessions));
    }
    loops = List.copyOf(byExecutor.values());
    Entrance entrance = new Entrance(byExecutor, new Dialects(variants, tls));
    List<InetSocketAddress> found = new ArrayList<>();
    try {
      for (InetSocketAddress address : addresses) {
        found.add(bind(address, entrance));
      }
    } catch (IOException e) {
      stopListening();
      throw e;
    }
    loops.forEach(Loop::start);
    return List.copyOf(found);
  }

  /** Returns a generator of a loop's own. */
  private RandomGenerator seeded() {
    byte[] seed = new byte[24];
    chance.nextBytes(seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private InetSocketAddress bind(InetSocketAddress wanted, Entrance entrance) throws IOException {
    if (!epoll) {
      return bind(wanted, entrance, group);
    }
    probe(wanted);
    InetSocketAddress address = wanted;
    for (EventExecutor executor : group) { // the first finds the port if it is 0
      address = bind(address, entrance, (EventLoop) executor);
    }
    return address;
  }

  /** With SO_REUSEPORT, another process of this user would share the port without a word. */
  private static void probe(InetSocketAddress address) throws IOException {
    if (address.getPort() == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address, e);
    }
  }

  private InetSocketAddress bind(
      InetSocketAddress address, Entrance entrance, EventLoopGroup accepting) throws IOException {
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Limits.Memory memory = limits.memory();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(accepting, accepting)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(memory.waterLow(), memory.waterHigh()))
            .childHandler(entrance);
    if (epoll) {
      bootstrap
          .option(EpollChannelOption.SO_REUSEPORT, true)
          .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }
    var binding = bootstrap.bind(address).awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IOException("cannot listen on " + address, binding.cause());
    }
    bound.add(binding.channel());
    return (InetSocketAddress) binding.channel().localAddress();
  }

  /** Returns what connections have come to so far. */
  public Counters counters() {
    return tally.counters();
  }

  /** Has each loop look after its connections now, as it does twice a second; waits for that. */
  synchronized void sweep() {
    for (Loop loop : loops) {
      loop.executor().submit(loop::sweep).syncUninterruptibly();
    }
  }

  /**
   * Accepts no more, and has sessions end when it suits.
   *
   * @param limit how long to wait
   * @return whether all connections ended in time
   */
  public synchronized boolean drain(Duration limit) throws InterruptedException {
    stopListening();
    for (Loop loop : loops) {
      loop.executor().execute(loop::drain);
    }
    long polls = limit.toMillis() / POLL_MILLIS;
    for (long i = 0; i < polls && tally.open() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return tally.open() == 0;
  }

  private void stopListening() {
    bound.forEach(channel -> channel.close().awaitUninterruptibly());
    bound.clear();
  }

  /** Ends at once what {@link #drain} has not ended, and the event loops. Idempotent. */
  @Override
  public synchronized void close() {
    stopListening();
    for (Loop loop : loops) {
      loop.executor().submit(loop::end).syncUninterruptibly();
    }
    loops = List.of();
    // without a quiet period a loop may end before it has closed what is registered with it
    group.shutdownGracefully(QUIET_MILLIS, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }

  /** Lets connections in. Used on the loop of each. */
  private final class Entrance extends ChannelInitializer<Channel> {
    private final Map<EventLoop, Loop> byExecutor;
    private final Dialects dialects;

    Entrance(Map<EventLoop, Loop> byExecutor, Dialects dialects) {
      this.byExecutor = byExecutor;
      this.dialects = dialects;
    }

    @Override
    protected void initChannel(Channel channel) {
      @Nullable Loop loop = byExecutor.get(channel.eventLoop());
      if (loop == null || !(channel.remoteAddress() instanceof InetSocketAddress peer)) {
        var _ = channel.close(); // it has gone already
        return;
      }
      InetAddress address = peer.getAddress();
      channel.closeFuture().addListener(_ -> tally.closed(address));
      if (tally.opened(address)) {
        channel.pipeline().addLast(new Recognizer(loop, dialects));
      } else {
        var _ = channel.close();
      }
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.error("a connection could not be set up", cause);
      var _ = context.close();
    }
  }
}
