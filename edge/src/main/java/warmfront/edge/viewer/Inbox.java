package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Memory into which the connections of a loop read, one after the other: a request that is
 * understood at once leaves nothing in it. What somebody keeps stays his, and the next read gets
 * other memory. One per loop.
 */
final class Inbox extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Bytes of one read: the longest header and more. */
  static final int BYTES = 65_536;

  private @Nullable ByteBuf shared;

  /** Returns whether a part of the shared memory is so small that keeping it is a waste. */
  static boolean wastes(int bytes) {
    return bytes < BYTES / 4;
  }

  @Override
  @SuppressWarnings("deprecation") // the interface has no other handle
  public Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return lend(allocator);
      }

      @Override
      public int guess() {
        return BYTES;
      }
    };
  }

  private ByteBuf lend(ByteBufAllocator allocator) {
    @Nullable ByteBuf buffer = shared;
    if (buffer == null || buffer.refCnt() > 1) {
      end();
      buffer = allocator.directBuffer(BYTES, BYTES);
      shared = buffer;
    }
    buffer.clear();
    return buffer.retain();
  }

  /** Lets go of the memory; the next read makes it anew. */
  void end() {
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }
}
