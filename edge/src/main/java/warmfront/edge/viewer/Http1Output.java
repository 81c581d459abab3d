package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * What goes out on one HTTP/1 connection. Heads and short bodies are gathered in one buffer while a
 * batch of requests is read, and sent together; a long body follows what was gathered before it.
 * Whoever has written a response is told when all of it has left, which mostly needs no more than a
 * look after the flush.
 */
final class Http1Output {
  private final Channel channel;
  private final Loop loop;
  private final @Nullable DirectSend direct;
  private @Nullable ByteBuf gathered;
  private @Nullable Http1Sender writing;
  private @Nullable Http1Sender first;
  private @Nullable Http1Sender last;

  /** A long body behind what was gathered, to leave in one packet with it. */
  private @Nullable SplicedPart held;

  private boolean due;
  private boolean queued;
  private long handed;

  Http1Output(Channel channel, Loop loop, boolean tls) {
    this.channel = channel;
    this.loop = loop;
    direct = DirectSend.of(channel, loop, tls);
  }

  /** Returns how many bytes were handed to the channel or the kernel in all. */
  long handed() {
    return handed;
  }

  /** Returns a buffer to append so many bytes to; it stays this object's. */
  ByteBuf room(Http1Sender sender, int bytes) {
    writing = sender;
    if (held != null) {
      push();
    }
    if (gathered != null && gathered.writableBytes() < bytes) {
      push();
    }
    if (gathered == null) {
      gathered = loop.outbox().borrow(channel.alloc(), bytes);
    }
    return gathered;
  }

  /** Writes bytes that are not copied, after what was gathered. They are held until written. */
  void write(Slice slice, int length, ChannelFutureListener whenWritten) {
    push();
    handed += length;
    @Nullable SplicedPart part = direct == null ? null : direct.part(slice, 0, length);
    channel.write(part == null ? view(slice, 0, length) : part).addListener(whenWritten);
  }

  /**
   * Writes the last bytes of a response, which are not copied; {@link #finished} follows. They are
   * held until its sender was told.
   */
  void writeLast(Slice slice, int offset, int length) {
    writing = null;
    handed += length;
    @Nullable SplicedPart part = direct == null ? null : direct.part(slice, offset, length);
    if (part == null || held != null) {
      push();
    }
    if (part == null) {
      var _ = channel.write(view(slice, offset, length), channel.voidPromise());
    } else {
      held = part;
    }
  }

  private static ByteBuf view(Slice slice, int offset, int length) {
    return Bodies.view(slice).retainedSlice(offset, length);
  }

  /** Sends what was gathered at once; false if something must be sent before, or it is not all. */
  private boolean sendGathered(boolean more) {
    if (direct == null || !direct.mayPass()) {
      return false;
    }
    @Nullable ByteBuf full = gathered;
    if (full == null) {
      return true;
    }
    int waiting = full.readableBytes();
    boolean all = direct.send(full, more);
    handed += waiting - full.readableBytes();
    if (!all) {
      return false;
    }
    gathered = null;
    full.release();
    return true;
  }

  /** Writes bytes that are of no response. */
  void aside(ByteBuf bytes) {
    push();
    handed += bytes.readableBytes();
    var _ = channel.write(bytes, channel.voidPromise());
    due = true;
  }

  /** The last byte of a response was written: its sender is told when it has left. */
  void finished(Http1Sender sender) {
    writing = null;
    if (last == null) {
      first = sender;
    } else {
      last.follow(sender);
    }
    last = sender;
    due = true;
  }

  /** Sends at the next {@link #flush}. */
  void due() {
    due = true;
  }

  /** Sends what was written since, when the loop has read all that it woke up for. */
  void flushSoon() {
    if (due && !queued) {
      queued = true;
      loop.flushSoon(this);
    }
  }

  /** Sends what was written since, if anything. */
  void flush() {
    queued = false;
    if (!due) {
      return;
    }
    due = false;
    boolean allSent = writing == null && sendGathered(held != null) && sendHeld();
    @Nullable Http1Sender written = first;
    first = null;
    last = null;
    if (!allSent) {
      push();
      channel.flush();
    }
    if (written == null) {
      return;
    }
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting == null) {
      tell(written, false);
    } else if (waiting.isEmpty()) {
      tell(written, true);
    } else { // an empty write ends when those before it do
      channel
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(sent -> tell(written, sent.isSuccess()));
    }
  }

  private boolean sendHeld() {
    if (held != null && DirectSend.send(held)) {
      held = null;
    }
    return held == null;
  }

  /** Hands what was gathered to the channel. */
  private void push() {
    pushGathered();
    if (held != null) {
      var _ = channel.write(held, channel.voidPromise());
      held = null;
    }
  }

  private void pushGathered() {
    @Nullable ByteBuf full = gathered;
    if (full == null) {
      return;
    }
    gathered = null;
    handed += full.readableBytes();
    @Nullable ChannelFutureListener part = writing == null ? null : writing.gatheredPart();
    if (part == null) {
      var _ = channel.write(full, channel.voidPromise());
    } else {
      channel.write(full).addListener(part);
    }
  }

  private static void tell(@Nullable Http1Sender written, boolean sent) {
    @Nullable Http1Sender sender = written;
    while (sender != null) {
      @Nullable Http1Sender next = sender.follower();
      sender.settle(sent);
      sender = next;
    }
  }

  /** The connection is gone. */
  void gone() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
    held = null;
    @Nullable Http1Sender unsent = first;
    first = null;
    last = null;
    tell(unsent, false);
  }
}
