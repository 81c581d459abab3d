package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a loop have to send, and the memory in which they gather it, so that a
 * hit allocates none. The answers to what one wake-up of the loop brought are sent one after the
 * other at its end: the code of the kernel and our own then each find the processor's caches as
 * they left them. One per loop.
 */
final class Outbox {
  private static final int BYTES = 32_768;

  /** So many wait for one another at most. */
  private static final int BATCH = 64;

  private final @Nullable ByteBuf[] buffers = new ByteBuf[BATCH];
  private final List<Http1Output> waiting = new ArrayList<>(BATCH);
  private int next;

  /** Returns an empty buffer with room for so many bytes; the caller releases it. */
  ByteBuf borrow(ByteBufAllocator allocator, int bytes) {
    if (next == BATCH || bytes > BYTES) {
      return allocator.directBuffer(bytes);
    }
    @Nullable ByteBuf buffer = buffers[next];
    if (buffer == null || buffer.refCnt() > 1) { // somebody gathers, or the kernel has not taken it
      if (buffer != null) {
        buffer.release();
      }
      buffer = allocator.directBuffer(BYTES, BYTES);
      buffers[next] = buffer;
    }
    next++;
    buffer.clear();
    return buffer.retain();
  }

  /** Adds what waits for {@link #send}; returns whether it is the first. */
  boolean add(Http1Output output) {
    waiting.add(output);
    if (waiting.size() == BATCH) {
      send();
    }
    return waiting.size() == 1;
  }

  /** Sends what waits. */
  void send() {
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).flush();
    }
    waiting.clear();
    next = 0;
  }

  /** Lets go of the memory; the next to borrow makes it anew. */
  void end() {
    for (int i = 0; i < BATCH; i++) {
      @Nullable ByteBuf buffer = buffers[i];
      if (buffer != null) {
        buffer.release();
        buffers[i] = null;
      }
    }
  }
}
