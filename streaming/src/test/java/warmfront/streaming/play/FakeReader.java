package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader;
import warmfront.bytes.Slice;

/**
 * Objects in memory, read in small parts; slowly if a test wants to say when. Counts reads and
 * knows which slices have not been let go.
 */
final class FakeReader implements RangedReader {
  /** An object. */
  private record Stored(ByteBuffer bytes, String version) {}

  /** One read, as it was asked for. */
  record Read(String path, long offset, long length) {}

  private final Map<String, Stored> objects = new HashMap<>();
  private final Map<String, Integer> lacking = new HashMap<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  final List<Read> reads = new ArrayList<>();
  final List<Slice> slices = new ArrayList<>();

  /** Whether parts come only when {@link #deliver} says so. */
  boolean slow;

  /** Bytes of a part. */
  int part = 10_000;

  /** Reads break off after so many bytes. */
  long breaksAfter = Long.MAX_VALUE;

  /** Flows that have been asked for and neither ended nor been cancelled. */
  int open;

  void put(String path, byte[] bytes, String version) {
    objects.put(path, new Stored(ByteBuffer.wrap(bytes), version));
  }

  void answer(String path, int status) {
    lacking.put(path, status);
  }

  void recover(String path) {
    lacking.remove(path);
  }

  /** Delivers what is waiting now. */
  int deliver() {
    int count = held.size();
    for (int i = 0; i < count; i++) {
      held.remove().run();
    }
    return count;
  }

  long pinned() {
    return slices.stream().filter(slice -> slice.pinCount() > 0).count();
  }

  @Override
  public void read(Wanted object, long offset, long length, Executor loop, Consumer<Answer> then) {
    reads.add(new Read(object.path(), offset, length));
    hold(() -> loop.execute(() -> then.accept(answer(object, offset, length, loop))));
  }

  private Answer answer(Wanted object, long offset, long length, Executor loop) {
    Integer status = lacking.get(object.path());
    Stored stored = objects.get(object.path());
    if (status != null || stored == null) {
      return new Lacking(status == null ? 404 : status, "as the test says");
    }
    if (offset >= stored.bytes().capacity()) {
      return new Lacking(416, "beyond the end");
    }
    open++;
    long end = Math.min(offset + length, stored.bytes().capacity());
    return new Found(
        stored.bytes().capacity(),
        stored.version(),
        true,
        new Parts(stored.bytes(), offset, end, loop));
  }

  private void hold(Runnable task) {
    if (slow) {
      held.add(task);
    } else {
      task.run();
    }
  }

  private final class Parts implements Flow {
    private final ByteBuffer bytes;
    private final long end;
    private final Executor loop;
    private long at;
    private long left = breaksAfter;
    private @Nullable Receiver receiver;
    private boolean over;

    Parts(ByteBuffer bytes, long offset, long end, Executor loop) {
      this.bytes = bytes;
      this.at = offset;
      this.end = end;
      this.loop = loop;
    }

    @Override
    public void next(Receiver next) {
      receiver = next;
      if (slow) {
        held.add(() -> loop.execute(this::tell));
      } else {
        tell();
      }
    }

    private void tell() {
      Receiver told = receiver;
      if (over || told == null) {
        return;
      }
      if (left <= 0) {
        finish();
        told.broken("as the test says");
      } else if (at == end) {
        finish();
        told.end();
      } else {
        int length = (int) Math.min(Math.min(part, end - at), left);
        byte[] copy = new byte[length];
        bytes.get((int) at, copy);
        at += length;
        left -= length;
        Slice slice = Slice.of(copy);
        slices.add(slice);
        told.part(slice);
      }
    }

    @Override
    public void cancel() {
      if (!over) {
        finish();
      }
    }

    private void finish() {
      over = true;
      open--;
    }
  }
}
