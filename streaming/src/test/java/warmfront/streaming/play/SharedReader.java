package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader;
import warmfront.bytes.Slice;

/** Objects in memory for viewers on sockets, lent in slices as a cache's are. Thread-safe. */
final class SharedReader implements RangedReader {
  private static final int SLICE = 1 << 20;

  private final Map<String, ByteBuffer> objects = new ConcurrentHashMap<>();
  final LongAdder reads = new LongAdder();

  void put(String path, byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
    direct.put(bytes).flip();
    objects.put(path, direct);
  }

  @Override
  public void read(Wanted object, long offset, long length, Executor loop, Consumer<Answer> then) {
    reads.increment();
    ByteBuffer bytes = objects.get(object.path());
    if (bytes == null) {
      loop.execute(() -> then.accept(new Lacking(404, "not there")));
      return;
    }
    long end = Math.min(offset + length, bytes.capacity());
    List<Slice> slices = new ArrayList<>();
    for (long at = offset; at < end; ) {
      int next = (int) Math.min(end, (at / SLICE + 1) * SLICE);
      slices.add(new Slice(bytes.slice((int) at, (int) (next - at)), () -> {}));
      at = next;
    }
    loop.execute(
        () -> then.accept(new Found(bytes.capacity(), "v1", true, new Lent(slices.iterator()))));
  }

  private record Lent(Iterator<Slice> slices) implements Flow {
    @Override
    public void next(Receiver receiver) {
      if (slices.hasNext()) {
        receiver.part(slices.next());
      } else {
        receiver.end();
      }
    }

    @Override
    public void cancel() {
      // Nothing is under way.
    }
  }
}
