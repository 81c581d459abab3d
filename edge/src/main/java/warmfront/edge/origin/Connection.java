package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.time.Clock;

/**
 * A connection to a peer: one turn after the other, idle in the pool between them. State is the
 * loop's. An idle connection that receives anything, or ends, leaves the pool and is closed.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private final Pool pool;
  private final Channel channel;
  private final Clock clock;
  private final HeadParser heads;
  private @Nullable Turn turn;
  private String ending = "the origin closed the connection";
  private Duration kept = Duration.ZERO;
  private @Nullable ScheduledFuture<?> look;
  private long lookNanos;
  private volatile long idleSinceNanos;

  Connection(Pool pool, Channel channel, Clock clock, HeadParser heads) {
    this.pool = pool;
    this.channel = channel;
    this.clock = clock;
    this.heads = heads;
  }

  Channel channel() {
    return channel;
  }

  /** Returns what reads the heads of answers. */
  HeadParser heads() {
    return heads;
  }

  /** Returns whether it is the calling thread's. */
  boolean isHere() {
    return channel.eventLoop().inEventLoop();
  }

  /** Returns for how long it has been idle. */
  Duration idleFor() {
    return Duration.ofNanos(clock.nanos() - idleSinceNanos);
  }

  /**
   * Starts a turn, from any thread. What the peer sent before is read first: the loop looks at its
   * sockets before its tasks.
   *
   * @return false if the loop has ended
   */
  boolean start(Turn next) {
    try {
      channel
          .eventLoop()
          .execute(() -> {
            assert turn == null : "two turns at once";
            turn = next;
            next.start();
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** The turn is over. On the loop. */
  void finished(boolean reusable, Duration keepAlive) {
    turn = null;
    if (!reusable || keepAlive.isZero() || !channel.isActive()) {
      var _ = channel.close();
      return;
    }
    idleSinceNanos = clock.nanos();
    if (!pool.giveBack(this)) {
      var _ = channel.close();
      return;
    }
    channel.read(); // to see it end, or say what was not asked for
    kept = keepAlive;
    lookAfter(keepAlive);
  }

  /**
   * Looks whether it was silent for too long, after {@code wait} at the latest. On the loop.
   *
   * <p>One timer at most, whatever the number of turns: it looks again if it came too early.
   */
  void lookAfter(Duration wait) {
    long due = clock.nanos() + wait.toNanos();
    if (look != null) {
      if (due - lookNanos >= 0) {
        return;
      }
      look.cancel(false);
    }
    lookNanos = due;
    look = channel.eventLoop().schedule(this::look, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void look() {
    look = null;
    if (!channel.isActive()) {
      return;
    }
    if (turn != null) {
      turn.look();
      return;
    }
    Duration left = kept.minus(idleFor());
    if (left.isPositive()) {
      lookAfter(left);
    } else if (pool.remove(this)) {
      var _ = channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (turn != null && message instanceof ByteBuf bytes) {
      turn.read(bytes);
      return;
    }
    ReferenceCountUtil.release(message);
    pool.remove(this);
    ending = "the origin sent what was not asked for";
    var _ = context.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (turn != null) {
      turn.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (turn != null) {
      turn.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (look != null) {
      look.cancel(false);
    }
    pool.remove(this);
    if (turn != null) {
      boolean clean = !pool.peer().secure(); // TLS says so beforehand (RFC 9112, 9.8)
      turn.inputEnded(clean, ending);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      context.channel().config().setAutoRead(false);
    }
    if (event instanceof SslCloseCompletionEvent close) {
      if (turn != null) {
        turn.inputEnded(close.isSuccess(), ending);
      } else if (pool.remove(this)) {
        var _ = context.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ending = "the connection broke: " + cause.getMessage();
    var _ = context.close();
  }
}
