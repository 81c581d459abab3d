package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import warmfront.time.ManualClock;

/**
 * A viewer over HTTP/1 whose connection takes just as many bytes as the test says, and before a
 * {@link Site} of its own. Without a socket: nothing has to be waited for.
 */
final class SlowViewer implements AutoCloseable {
  final Site site = new Site();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-05-04T03:02:01Z"));
  private final Narrow channel = new Narrow();
  private final Loop loop;

  SlowViewer() {
    Setup setup = new Setup(Limits.standard(), clock, new Tally());
    loop = new Loop(channel.eventLoop(), setup, new SplittableRandom(1));
    Door door = Door.ofViewers(Edge.listener(false).place(), site, "process");
    clock.advance(Duration.ofHours(1)); // the steady clock of a machine does not stand at 0
    channel.pipeline().addLast(new Http1(channel, loop, door, Optional.empty(), Fronting.NONE));
  }

  void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  /** Takes so many bytes more of what is sent to it. */
  void take(int bytes) {
    channel.room += bytes;
    channel.flush();
  }

  /** Returns what it took in all, with what the loop is about to send. */
  String taken() {
    channel.runPendingTasks();
    return channel.taken.toString(ISO_8859_1);
  }

  /** Lets time pass, and the edge look at it. */
  void pass(Duration time) {
    clock.advance(time);
    loop.sweep();
    channel.runPendingTasks();
  }

  boolean connected() {
    return channel.isActive();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    loop.end();
  }

  /** The edge's side of the connection. */
  private static final class Narrow extends EmbeddedChannel implements DuplexChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int room;
    private boolean outputShut;

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
      for (Object next = waiting.current(); next != null && room > 0; next = waiting.current()) {
        ByteBuf bytes = (ByteBuf) next;
        int count = Math.min(room, bytes.readableBytes());
        for (int i = 0; i < count; i++) {
          taken.write(bytes.getByte(bytes.readerIndex() + i));
        }
        room -= count;
        waiting.removeBytes(count);
      }
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public @Nullable ServerChannel parent() {
      return null;
    }

    @Override
    public boolean isInputShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
      return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
      return promise.setFailure(new UnsupportedOperationException());
    }

    @Override
    public boolean isOutputShutdown() {
      return outputShut;
    }

    @Override
    public ChannelFuture shutdownOutput() {
      return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
      outputShut = true;
      return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public ChannelFuture shutdown() {
      return shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
      return shutdownOutput(promise);
    }
  }
}
