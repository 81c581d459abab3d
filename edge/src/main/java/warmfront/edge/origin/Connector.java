package warmfront.edge.origin;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Reach;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;
import warmfront.time.Clock;

/** Opens connections, TLS included. Called on virtual threads, which wait. Thread-safe. */
final class Connector {
  private static final int READ_MIN = 2048;
  private static final int READ_FIRST = 16_384;
  private static final int READ_MAX = 65_536;

  /** RFC 8305, section 8: the recommended delay between two attempts. */
  private static final Duration STAGGER = Duration.ofMillis(250);

  private final Bootstrap bootstrap;
  private final ChannelGroup all;
  private final Clock clock;

  /**
   * What is to be opened.
   *
   * @param peer whom to
   * @param tls what shakes hands, if the peer has TLS
   * @param furnish puts a connection at the end of a new channel's pipeline
   */
  record Opening<C>(Peer peer, ClientTls tls, Function<Channel, C> furnish) {}

  /** What came of it. */
  sealed interface Connected<C> {
    record Open<C>(C connection) implements Connected<C> {}

    /**
     * There is no connection.
     *
     * @param failed what the fetch ends with if nobody tries again
     * @param mayRetry whether another attempt could end otherwise
     */
    record Closed<C>(Fetched.Failed failed, boolean mayRetry) implements Connected<C> {}
  }

  /**
   * Makes one.
   *
   * @param unacknowledged how long the other side's machine may leave what was sent without an
   *     acknowledgement, where the system can tell (Linux, RFC 5482); 0 for as long as TCP does
   */
  Connector(EventLoopGroup loops, Duration unacknowledged, ChannelGroup all, Clock clock) {
    boolean epoll = loops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
    Class<? extends SocketChannel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    this.all = all;
    this.clock = clock;
    this.bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(READ_MIN, READ_FIRST, READ_MAX));
    if (epoll && !unacknowledged.isZero()) {
      bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, (int) unacknowledged.toMillis());
    }
  }

  /**
   * Tries one address after the other until {@code limit} has passed, as long as nobody is there.
   *
   * @param near the loop that the connection is to live on, or several
   * @return what came of the first that was there, else of the first
   */
  <C> Connected<C> connect(
      Opening<C> opening, EventLoopGroup near, List<InetAddress> addresses, Duration limit)
      throws InterruptedException {
    if (opening.peer().family() == Reach.Family.DUALSTACK && addresses.size() > 1) {
      return race(opening, near, addresses, limit);
    }
    long start = clock.nanos();
    Connected<C> first = connect(opening, near, addresses.getFirst(), limit);
    if (!isRefusal(first)) {
      return first;
    }
    for (InetAddress address : addresses.subList(1, addresses.size())) {
      Duration left = limit.minusNanos(clock.nanos() - start);
      if (left.isNegative() || left.isZero()) {
        break;
      }
      Connected<C> next = connect(opening, near, address, left);
      if (!isRefusal(next)) {
        return next;
      }
    }
    return first;
  }

  private static boolean isRefusal(Connected<?> connected) {
    return connected instanceof Connected.Closed<?> closed
        && closed.failed().reason() == Reason.ORIGIN_REFUSED;
  }

  /**
   * Tries the addresses of both families: the next one 250 ms after the last, or once one is
   * refused; the first that is connected is taken (RFC 8305, section 5).
   *
   * @param near the loop that the connection is to live on, or several
   * @return what came of the one that is taken, else of the first that ended
   */
  private <C> Connected<C> race(
      Opening<C> opening, EventLoopGroup near, List<InetAddress> addresses, Duration limit)
      throws InterruptedException {
    long start = clock.nanos();
    BlockingQueue<Attempt<C>> ended = new LinkedBlockingQueue<>();
    List<Attempt<C>> begun = new ArrayList<>();
    @Nullable Connected<C> first = null;
    @Nullable Attempt<C> taken = null;
    int running = 0;
    try {
      while (taken == null) {
        Duration left = limit.minusNanos(clock.nanos() - start);
        boolean more = begun.size() < addresses.size() && left.isPositive();
        if (more) {
          Attempt<C> next = begin(opening, near, addresses.get(begun.size()), left);
          begun.add(next);
          running++;
          var _ = next.ready().whenComplete((_, _) -> ended.add(next));
        } else if (running == 0 && first != null) {
          return first;
        }
        Duration wait = begun.size() < addresses.size() ? STAGGER : slack(left);
        @Nullable Attempt<C> over = ended.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (over == null && begun.size() == addresses.size()) {
          return first == null ? late(opening.peer(), addresses, limit) : first;
        }
        if (over != null && over.isConnected()) {
          taken = over;
        } else if (over != null) {
          running--;
          first = first == null ? ended(opening.peer(), over, limit) : first;
        }
      }
      return new Connected.Open<>(taken.ready().join());
    } finally {
      begun.remove(taken);
      begun.forEach(Attempt::giveUp);
    }
  }

  private static <C> Connected<C> late(Peer peer, List<InetAddress> addresses, Duration limit) {
    return closed(peer, addresses.getFirst(), new TimeoutException("no address answers"), limit);
  }

  private static <C> Connected<C> ended(Peer peer, Attempt<C> over, Duration limit) {
    return closed(peer, over.address(), over.ready().exceptionNow(), limit);
  }

  /** Netty's own two timers come first; this is for a loop that does not turn. */
  private static Duration slack(Duration limit) {
    return limit.multipliedBy(2).plusSeconds(1);
  }

  /**
   * A connection that is being opened.
   *
   * @param address where to
   * @param connecting its channel
   * @param ready completes once requests can be sent
   */
  private record Attempt<C>(
      InetAddress address, ChannelFuture connecting, CompletableFuture<C> ready) {
    boolean isConnected() {
      return ready.isDone() && !ready.isCompletedExceptionally();
    }

    void giveUp() {
      var _ = connecting.channel().close();
    }
  }

  private <C> Connected<C> connect(
      Opening<C> opening, EventLoopGroup near, InetAddress address, Duration limit)
      throws InterruptedException {
    Peer peer = opening.peer();
    Attempt<C> attempt = begin(opening, near, address, limit);
    try {
      return new Connected.Open<>(
          attempt.ready().get(slack(limit).toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      attempt.giveUp();
      return closed(peer, address, e.getCause(), limit);
    } catch (TimeoutException e) {
      attempt.giveUp();
      return closed(peer, address, e, limit);
    } catch (InterruptedException e) {
      attempt.giveUp();
      throw e;
    }
  }

  private <C> Attempt<C> begin(
      Opening<C> opening, EventLoopGroup near, InetAddress address, Duration limit) {
    Peer peer = opening.peer();
    CompletableFuture<C> furnished = new CompletableFuture<>();
    CompletableFuture<C> ready = new CompletableFuture<>();
    int millis = (int) Math.max(1, limit.toMillis());
    ChannelFuture connecting =
        bootstrap
            .clone(near)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
            .option(ChannelOption.AUTO_READ, peer.secure()) // the handshake reads by itself
            .handler(initializer(opening, limit, furnished, ready))
            .connect(new InetSocketAddress(address, peer.port()));
    var _ =
        connecting.addListener(connected -> {
          if (!connected.isSuccess()) {
            ready.completeExceptionally(connected.cause());
          } else if (!peer.secure()) {
            ready.complete(furnished.join()); // a channel is furnished before it connects
          }
        });
    return new Attempt<>(address, connecting, ready);
  }

  private <C> ChannelInitializer<Channel> initializer(
      Opening<C> opening,
      Duration limit,
      CompletableFuture<C> furnished,
      CompletableFuture<C> ready) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        all.add(channel);
        if (opening.peer().secure()) {
          SslHandler handler = opening.tls().handler(channel, opening.peer(), limit);
          channel.pipeline().addLast(handler);
          var _ =
              handler
                  .handshakeFuture()
                  .addListener(shaken -> {
                    if (shaken.isSuccess()) {
                      ready.complete(furnished.join());
                    } else {
                      ready.completeExceptionally(shaken.cause());
                    }
                  });
        }
        furnished.complete(opening.furnish().apply(channel));
      }
    };
  }

  private static <C> Connected<C> closed(
      Peer peer, InetAddress address, @Nullable Throwable cause, Duration limit) {
    String where = peer + " (" + address.getHostAddress() + ")";
    if (cause instanceof ConnectTimeoutException
        || cause instanceof SslHandshakeTimeoutException
        || cause instanceof TimeoutException) {
      String detail = "%s did not connect within %d ms".formatted(where, limit.toMillis());
      return new Connected.Closed<>(new Fetched.Failed(504, Reason.ORIGIN_UNREACHED, detail), true);
    }
    String why = cause == null ? "unknown" : String.valueOf(cause.getMessage());
    if (cause instanceof SSLException) {
      return new Connected.Closed<>(
          new Fetched.Failed(502, Reason.ORIGIN_TLS, "TLS with " + where + " failed: " + why),
          !(cause instanceof SSLHandshakeException));
    }
    return new Connected.Closed<>(
        new Fetched.Failed(502, Reason.ORIGIN_REFUSED, where + " did not connect: " + why), true);
  }
}
