package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * Hands bytes to the kernel without going through the channel's queue, which costs a tenth of a
 * short hit; long bodies are spliced, in one packet with what stands before them. Only while the
 * queue is empty; what the kernel does not take goes there, and so does every failure, for the
 * channel to meet it itself. Linux with epoll, no TLS. On the channel's loop.
 */
final class DirectSend {
  private final EpollSocketChannel channel;
  private final @Nullable Splicer splicer;

  private DirectSend(EpollSocketChannel channel, @Nullable Splicer splicer) {
    this.channel = channel;
    this.splicer = splicer;
  }

  /** Returns what sends on a channel whose bytes are not changed on their way, or null. */
  static @Nullable DirectSend of(Channel channel, Loop loop, boolean tls) {
    return !tls && channel instanceof EpollSocketChannel socket
        ? new DirectSend(socket, loop.splicer())
        : null;
  }

  /** Returns whether nothing waits to be sent before. */
  boolean mayPass() {
    @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting != null && waiting.totalPendingWriteBytes() == 0 && channel.isActive();
  }

  /**
   * Sends what is readable, as far as the kernel takes it, and reads past it.
   *
   * @param more whether it is to wait for the bytes after it, to go out in one packet with them
   * @return whether it took all
   */
  boolean send(ByteBuf bytes, boolean more) {
    long address = bytes.memoryAddress() + bytes.readerIndex();
    long sent = LinuxCalls.send(socket(), address, bytes.readableBytes(), more);
    bytes.skipBytes((int) Math.max(sent, 0));
    return !bytes.isReadable();
  }

  /** Returns a part of a slice that can be spliced, or null if it has to be copied. */
  @Nullable SplicedPart part(Slice slice, int offset, int length) {
    return splicer != null && slice.lend()
        ? new SplicedPart(
            splicer, this::socket, Bodies.view(slice).memoryAddress() + offset, length)
        : null;
  }

  /** Sends a part as far as the kernel takes it now; returns whether it took all. */
  static boolean send(SplicedPart part) {
    try {
      part.transfer();
    } catch (IOException e) {
      // the channel meets it again
    }
    return part.transferred() == part.count();
  }

  private int socket() {
    return channel.fd().intValue();
  }
}
