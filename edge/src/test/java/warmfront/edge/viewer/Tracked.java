package warmfront.edge.viewer;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** Slices that are counted from their making until their memory is given back. Thread-safe. */
final class Tracked {
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger liveMax = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();

  /** Returns an off-heap slice with one pin, whose byte at i is {@code (start + i) % 251}. */
  Slice slice(long start, int length) {
    int now = live.incrementAndGet();
    liveMax.accumulateAndGet(now, Math::max);
    var memory = Arena.ofAuto().allocate(length).asByteBuffer();
    for (int i = 0; i < length; i++) {
      memory.put(i, (byte) ((start + i) % 251));
    }
    return new Slice(memory, live::decrementAndGet);
  }

  /** Returns a flow of {@code bytes} bytes in parts of {@code part}. */
  Flow flow(long bytes, int part) {
    return new Flow() {
      private long at;
      private boolean over;

      @Override
      public void next(Receiver receiver) {
        if (at == bytes) {
          over = true;
          receiver.end();
          return;
        }
        int length = (int) Math.min(part, bytes - at);
        at += length;
        receiver.part(slice(at - length, length));
      }

      @Override
      public void cancel() {
        if (!over) {
          over = true;
          cancelled.incrementAndGet();
        }
      }
    };
  }

  int live() {
    return live.get();
  }

  int liveMax() {
    return liveMax.get();
  }

  int cancelled() {
    return cancelled.get();
  }
}
