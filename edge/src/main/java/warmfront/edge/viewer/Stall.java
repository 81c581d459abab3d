package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a viewer takes what waits to be sent to it too slowly. What the kernel takes at once
 * never waits and costs nothing here.
 */
final class Stall {
  private final Channel channel;
  private final Pace pace;
  private long taken;

  /** Begins at {@code now}, on the steady clock. */
  Stall(Channel channel, Limits.Times times, long now) {
    this.channel = channel;
    pace = Pace.of(times, now);
  }

  /** Returns whether bytes wait to be sent. */
  boolean pending() {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() > 0;
  }

  /**
   * Returns whether too little was taken for too long; to be asked at each sweep.
   *
   * @param handed how many bytes were handed to the channel or the kernel in all
   */
  boolean isLost(long handed, long now) {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    long pending = waiting == null ? 0 : waiting.totalPendingWriteBytes();
    long all = handed - pending + (waiting == null ? 0 : waiting.currentProgress());
    pace.moved(all - taken);
    taken = all;
    return pace.isLost(pending > 0, now);
  }
}
