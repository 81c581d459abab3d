package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Notices that a viewer takes nothing of what waits to be sent to it. */
final class Stall {
  private final Channel channel;
  private long mark;
  private long since;

  Stall(Channel channel) {
    this.channel = channel;
  }

  /** Returns whether bytes wait to be sent. */
  boolean pending() {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() > 0;
  }

  /** Returns how many were taken of the bytes that were handed to the channel. */
  long taken(long handed) {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null
        ? handed
        : handed - waiting.totalPendingWriteBytes() + waiting.currentProgress();
  }

  /** Returns whether none of the bytes that wait were taken for {@code limitNanos}. */
  boolean longerThan(long limitNanos, long now) {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    long pending = waiting == null ? 0 : waiting.totalPendingWriteBytes();
    long seen = waiting == null || pending == 0 ? 0 : pending * 31 + waiting.currentProgress();
    if (seen == 0 || seen != mark) {
      mark = seen;
      since = now;
      return false;
    }
    return now - since > limitNanos;
  }
}
