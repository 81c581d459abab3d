package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Memory in which a connection gathers what it sends, so that a hit allocates none: one buffer of
 * the loop, lent to one connection at a time from its first write to its flush. When the kernel did
 * not take all of it, or two connections write at once, another is made. One per loop.
 */
final class Outbox {
  private static final int BYTES = 65_536;

  private @Nullable ByteBuf shared;
  private boolean lent;

  /** Returns an empty buffer with room for so many bytes; the caller releases it. */
  ByteBuf borrow(ByteBufAllocator allocator, int bytes) {
    if (lent || bytes > BYTES) {
      return allocator.directBuffer(bytes);
    }
    lent = true;
    @Nullable ByteBuf buffer = shared;
    if (buffer == null || buffer.refCnt() > 1) { // the kernel has not taken all of the last
      end();
      buffer = allocator.directBuffer(BYTES, BYTES);
      shared = buffer;
    }
    buffer.clear();
    return buffer.retain();
  }

  /** Takes note that the borrower writes no more to a buffer. */
  @SuppressWarnings("ReferenceEquality") // the very buffer, not one with the same bytes
  void filled(ByteBuf buffer) {
    if (buffer == shared) {
      lent = false;
    }
  }

  /** Lets go of the memory; the next to borrow makes it anew. */
  void end() {
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }
}
