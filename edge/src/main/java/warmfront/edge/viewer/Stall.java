package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a viewer takes what waits to be sent to it too slowly. What the kernel takes at once
 * never waits and costs nothing here. While something waits, only what the viewer has acknowledged
 * counts as taken (Linux with epoll): the kernel itself takes more only when a third of its room is
 * free, which can be a megabyte, and so more than a minute of a viewer that is not too slow.
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
    @Nullable ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue != null && queue.totalPendingWriteBytes() > 0;
  }

  /**
   * Returns whether too little was taken for too long; to be asked at each sweep.
   *
   * @param handed how many bytes were handed to the channel or the kernel in all
   */
  boolean isLost(long handed, long now) {
    @Nullable ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null || queue.totalPendingWriteBytes() == 0) {
      return pace.isLost(false, now);
    }
    long all = handed - queue.totalPendingWriteBytes() + queue.currentProgress() - inKernel();
    pace.moved(all - taken);
    taken = all;
    return pace.isLost(true, now);
  }

  private int inKernel() {
    return channel instanceof EpollSocketChannel socket && socket.isActive()
        ? LinuxCalls.unacknowledged(socket.fd().intValue())
        : 0;
  }
}
