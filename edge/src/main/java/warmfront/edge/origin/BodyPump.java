package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/**
 * Sends the body of a request, part by part, no faster than the peer takes it. Owned by the
 * connection's loop.
 */
final class BodyPump implements Flow.Receiver {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Channel channel;
  private final Flow body;
  private final long length;
  private final Listener listener;
  private final Wire wire;
  private long sent;
  private boolean asked;
  private boolean again;
  private boolean asking;
  private boolean ended;
  private boolean stopped;

  /** Who is told; on the loop. */
  interface Listener {
    /** The peer took some of it. */
    void progressed();

    /** It cannot be sent as announced; the connection is of no further use. */
    void failed(String why);
  }

  /** How the parts of a body are written. */
  interface Wire {
    /** Writes a part; the future tells when the channel has taken it. */
    ChannelFuture part(ByteBuf bytes);

    /** Writes what says that nothing follows, and sends it. */
    void last();
  }

  /** Makes one for HTTP/1.1: in chunks if the length is not known. */
  BodyPump(Channel channel, Flow body, long length, Listener listener) {
    this(channel, body, length, listener, length < 0 ? new Chunks(channel) : new Plain(channel));
  }

  BodyPump(Channel channel, Flow body, long length, Listener listener, Wire wire) {
    this.channel = channel;
    this.body = body;
    this.length = length;
    this.listener = listener;
    this.wire = wire;
  }

  private record Plain(Channel channel) implements Wire {
    @Override
    public ChannelFuture part(ByteBuf bytes) {
      return channel.write(bytes);
    }

    @Override
    public void last() {}
  }

  private record Chunks(Channel channel) implements Wire {
    @Override
    public ChannelFuture part(ByteBuf bytes) {
      String size = Integer.toHexString(bytes.readableBytes()) + "\r\n";
      var _ = channel.write(Unpooled.copiedBuffer(size, StandardCharsets.US_ASCII));
      ChannelFuture written = channel.write(bytes);
      var _ = channel.write(Unpooled.wrappedBuffer(CRLF));
      return written;
    }

    @Override
    public void last() {
      var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(LAST_CHUNK));
    }
  }

  /** Sends on if the channel takes more. On the loop. */
  void pump() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    do {
      again = false;
      if (!asked && !ended && !stopped && channel.isWritable()) {
        asked = true;
        body.next(this);
      }
    } while (again);
    asking = false;
  }

  /** Stops for good. On the loop. */
  void stop() {
    if (!stopped) {
      stopped = true;
      if (!ended) {
        body.cancel();
      }
    }
  }

  /** Returns whether all of it was handed to the channel. */
  boolean isDone() {
    return ended && !stopped;
  }

  /** Returns whether it is the sender's turn, not the peer's. */
  boolean waitsForSender() {
    return asked && !stopped;
  }

  @Override
  public void part(Slice part) {
    onLoop(() -> send(part), part::release);
  }

  @Override
  public void end() {
    onLoop(this::finish, () -> {});
  }

  @Override
  public void broken(String reason) {
    onLoop(
        () -> {
          asked = false;
          ended = true;
          fail("the request's body broke off: " + reason);
        },
        () -> {});
  }

  private void onLoop(Runnable step, Runnable otherwise) {
    if (channel.eventLoop().inEventLoop()) {
      step.run();
      return;
    }
    try {
      channel.eventLoop().execute(step);
    } catch (RejectedExecutionException e) {
      otherwise.run();
    }
  }

  private void send(Slice part) {
    asked = false;
    if (stopped) {
      part.release();
      return;
    }
    sent += part.length();
    if (length >= 0 && sent > length) {
      part.release();
      fail("the request's body is longer than the " + length + " bytes announced");
      return;
    }
    var _ =
        wire.part(Unpooled.wrappedBuffer(part.memory()))
            .addListener(written -> {
              part.release();
              if (written.isSuccess()) {
                listener.progressed();
              }
            });
    channel.flush();
    pump();
  }

  private void finish() {
    asked = false;
    ended = true;
    if (stopped) {
      return;
    }
    if (length >= 0 && sent < length) {
      fail("the request's body ended after %d of %d bytes".formatted(sent, length));
    } else {
      wire.last();
    }
  }

  private void fail(String why) {
    stop();
    listener.failed(why);
  }
}
