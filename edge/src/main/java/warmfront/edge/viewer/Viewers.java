package warmfront.edge.viewer;

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
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Handler;
import warmfront.rtt.Measured;
import warmfront.time.Clock;

/**
 * The sockets that viewers connect to, and the event loops of the process.
 *
 * <p>Each loop accepts for itself on each address and keeps what it accepts (epoll and
 * SO_REUSEPORT); without epoll, one loop accepts for all. Thread-safe.
 */
public final class Viewers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Viewers.class);
  private static final int BACKLOG = 4096;
  private static final int WATER_LOW = 65_536;
  private static final int WATER_HIGH = 262_144;
  private static final long POLL_MILLIS = 10;
  private static final long QUIET_MILLIS = 20;

  private final Limits limits;
  private final Clock clock;
  private final RandomGenerator chance;
  private final boolean epoll;
  private final EventLoopGroup group;
  private final String processId;
  private final Tally tally = new Tally();
  private final List<Channel> bound = new ArrayList<>();
  private final List<Channel> datagrams = new ArrayList<>();
  private List<Loop> loops = List.of();
  private boolean saidNoHttp3;

  /**
   * Starts event loops; they accept nothing yet.
   *
   * @param chance for request ids and the like: a {@link java.security.SecureRandom} but in tests
   * @param loops number of event loops, one per core
   */
  public Viewers(Limits limits, Clock clock, RandomGenerator chance, int loops) {
    this(limits, clock, chance, loops, Epoll.isAvailable());
  }

  Viewers(Limits limits, Clock clock, RandomGenerator chance, int loops, boolean epoll) {
    this.limits = limits;
    this.clock = clock;
    this.chance = chance;
    this.epoll = epoll;
    if (!epoll) {
      LOG.warn(
          "epoll is not available, NIO is slower: {}", String.valueOf(Epoll.unavailabilityCause()));
    }
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("viewers"), io);
    processId = "%016x%016x".formatted(chance.nextLong(), chance.nextLong());
  }

  /** Returns the event loops, for the sockets towards origins; they end with {@link #close}. */
  public EventLoopGroup eventLoops() {
    return group;
  }

  /**
   * Listens and serves. Called once.
   *
   * @param certificates what viewers over TLS are shown; may still be empty
   * @return the addresses listened on, in the order of {@code listeners}
   * @throws PortTakenException if an address cannot be listened on; then none is
   * @throws IOException if TLS is wanted and BoringSSL cannot be loaded
   */
  public synchronized List<InetSocketAddress> start(
      List<Listener> listeners, Handler handler, Certificates certificates) throws IOException {
    return start(listeners, handler, certificates, List.of());
  }

  /**
   * Listens and serves, other edges too. Called once.
   *
   * @param peers where other edges connect
   * @return the addresses listened on: of {@code listeners}, then of {@code peers}
   */
  public synchronized List<InetSocketAddress> start(
      List<Listener> listeners,
      Handler handler,
      Certificates certificates,
      List<PeerListener> peers)
      throws IOException {
    if (!loops.isEmpty()) {
      throw new IllegalStateException("started already");
    }
    if (!peers.isEmpty() || listeners.stream().anyMatch(listener -> listener.place().secure())) {
      requireTls();
    }
    Setup setup = new Setup(limits, clock, tally);
    Map<EventLoop, Loop> byExecutor = new HashMap<>();
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      byExecutor.put(loop, new Loop(loop, setup, seeded(chance)));
    }
    loops = List.copyOf(byExecutor.values());
    List<InetSocketAddress> addresses = new ArrayList<>();
    try {
      for (Listener listener : listeners) {
        boolean http3 = listener.http3() && mayHttp3();
        Door door =
            http3
                ? Door.ofHttp3(listener.place(), handler, processId)
                : Door.ofViewers(listener.place(), handler, processId);
        InetSocketAddress address =
            bind(
                listener.address(),
                new Entrance(
                    byExecutor, (loop, channel) -> begin(loop, channel, door, certificates)));
        addresses.add(address);
        if (http3) {
          datagrams.addAll(
              new Http3Entrance(byExecutor, door, certificates, seeded(chance)).bind(address));
        }
      }
      for (PeerListener peer : peers) {
        Door door = Door.ofPeers(peer.place(), peer.handler(), processId);
        FleetTls tls = new FleetTls(peer.identity());
        addresses.add(
            bind(
                peer.address(),
                new Entrance(byExecutor, (loop, channel) -> tls.begin(loop, channel, door))));
      }
    } catch (PortTakenException e) {
      stopListening();
      closeDatagrams();
      throw e;
    }
    loops.forEach(Loop::start);
    return List.copyOf(addresses);
  }

  /** Returns a generator of a loop's own, with 192 bits of state (and so not shared or locked). */
  private static RandomGenerator seeded(RandomGenerator chance) {
    byte[] seed = new byte[24];
    chance.nextBytes(seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** QUIC's sockets are of all its connections: they stay until those are closed. */
  private void closeDatagrams() {
    datagrams.forEach(channel -> channel.close().awaitUninterruptibly());
    datagrams.clear();
  }

  private boolean mayHttp3() {
    if (epoll && Quic.isAvailable()) {
      return true;
    }
    if (!saidNoHttp3) {
      saidNoHttp3 = true;
      LOG.warn(
          "HTTP/3 is not served, for want of {}: {}",
          epoll ? "the QUIC library" : "epoll",
          String.valueOf(epoll ? Quic.unavailabilityCause() : Epoll.unavailabilityCause()));
    }
    return false;
  }

  private static void requireTls() throws IOException {
    if (!OpenSsl.isAvailable()) {
      throw new IOException("BoringSSL cannot be loaded for TLS", OpenSsl.unavailabilityCause());
    }
  }

  private static void begin(Loop loop, Channel channel, Door door, Certificates certificates) {
    if (!loop.admit(channel, ((InetSocketAddress) channel.remoteAddress()).getAddress())) {
      var _ = channel.close();
      return;
    }
    if (channel instanceof EpollSocketChannel viewer) {
      loop.roundTrips().measure(viewer, door.place().location().id());
    }
    if (door.place().secure()) {
      channel.pipeline().addLast(new TlsStart(loop, door, certificates));
    } else {
      channel.config().setRecvByteBufAllocator(loop.inbox());
      channel.pipeline().addLast(new Http1(channel, loop, door, Optional.empty(), Fronting.NONE));
    }
  }

  private InetSocketAddress bind(InetSocketAddress wanted, Entrance entrance)
      throws PortTakenException {
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
  private static void probe(InetSocketAddress address) throws PortTakenException {
    if (address.getPort() == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw new PortTakenException(address, e);
    }
  }

  private InetSocketAddress bind(
      InetSocketAddress address, Entrance entrance, EventLoopGroup accepting)
      throws PortTakenException {
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(accepting, accepting)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WATER_LOW, WATER_HIGH))
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, SplicedPart.SIZES)
            .childHandler(entrance);
    if (epoll) {
      bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
    }
    var binding = bootstrap.bind(address).awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new PortTakenException(address, binding.cause());
    }
    bound.add(binding.channel());
    return (InetSocketAddress) binding.channel().localAddress();
  }

  /** Returns what connections have come to so far. */
  public Counters counters() {
    return tally.counters();
  }

  /**
   * Returns the round-trip times of the connections that were accepted since the last call, by the
   * code of the location: a row for each range of viewers, those with the most samples if there are
   * too many. Without epoll nothing is measured. Waits for each loop in turn.
   */
  public synchronized Map<String, List<Measured>> roundTrips() {
    RttMerge merge = new RttMerge();
    for (Loop loop : loops) {
      merge.add(loop.executor().submit(loop.roundTrips()::swap).syncUninterruptibly().getNow());
    }
    return merge.rows(tally);
  }

  /**
   * Has each loop look after its connections now, as it does twice a second, and waits for that.
   */
  synchronized void sweep() {
    for (Loop loop : loops) {
      loop.executor().submit(loop::sweep).syncUninterruptibly();
    }
  }

  /**
   * Accepts no more, lets requests under way end, and closes their connections: {@code Connection:
   * close}, GOAWAY.
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
    closeDatagrams();
    // without a quiet period a loop may end before it has closed what is registered with it
    group.shutdownGracefully(QUIET_MILLIS, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    loops.forEach(Loop::end);
    loops = List.of();
  }

  /** Lets connections in. Used on the loop of each. */
  private final class Entrance extends ChannelInitializer<Channel> {
    private final Map<EventLoop, Loop> byExecutor;
    private final BiConsumer<Loop, Channel> welcome;

    /**
     * Makes an entrance.
     *
     * @param welcome what is done with a connection that is let in
     */
    Entrance(Map<EventLoop, Loop> byExecutor, BiConsumer<Loop, Channel> welcome) {
      this.byExecutor = byExecutor;
      this.welcome = welcome;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.closeFuture().addListener(_ -> tally.closed());
      @Nullable Loop loop = byExecutor.get(channel.eventLoop());
      boolean isRoom = tally.opened(limits.connection().openMax());
      if (!isRoom || loop == null || channel.remoteAddress() == null) {
        var _ = channel.close();
      } else {
        welcome.accept(loop, channel);
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
