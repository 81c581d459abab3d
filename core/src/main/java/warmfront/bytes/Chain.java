package warmfront.bytes;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Flows one after another, as one; it ends all of them. */
public final class Chain implements Flow {
  private final Queue<Flow> left;

  /** Takes over the flows; empty ones are passed over. */
  public Chain(Collection<Flow> flows) {
    left = new ArrayDeque<>(flows);
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Flow first = left.peek();
    if (first == null) {
      receiver.end();
    } else {
      first.next(new Link(receiver));
    }
  }

  @Override
  public void cancel() {
    left.forEach(Flow::cancel);
    left.clear();
  }

  /** Goes on with the next flow when one has ended. */
  private final class Link implements Receiver {
    private final Receiver receiver;

    Link(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void part(Slice part) {
      receiver.part(part);
    }

    @Override
    public void end() {
      left.remove();
      next(receiver);
    }

    @Override
    public void broken(String reason) {
      left.remove();
      cancel();
      receiver.broken(reason);
    }
  }
}
