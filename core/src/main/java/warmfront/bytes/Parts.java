package warmfront.bytes;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A flow over parts that are all there already; owns one pin of each. */
public final class Parts implements Flow {
  private final Queue<Slice> left;

  /** Takes over one pin of each part. */
  public Parts(Collection<Slice> parts) {
    left = new ArrayDeque<>(parts);
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Slice part = left.poll();
    if (part == null) {
      receiver.end();
    } else {
      receiver.part(part);
    }
  }

  @Override
  public void cancel() {
    left.forEach(Slice::release);
    left.clear();
  }
}
