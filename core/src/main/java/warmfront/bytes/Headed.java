package warmfront.bytes;

import org.jspecify.annotations.Nullable;

/**
 * A flow of at least one byte with a head before it. The head is held back until the flow has its
 * first part: nothing is said of what may yet turn out not to be there.
 */
public final class Headed implements Flow {
  private final byte[] head;
  private final Flow flow;
  private boolean begun;

  /** The flow's first part, while its head is out. */
  private @Nullable Slice held;

  /** Takes over the flow. */
  public Headed(byte[] head, Flow flow) {
    this.head = head;
    this.flow = flow;
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Slice part = held;
    held = null;
    if (part != null) {
      receiver.part(part);
    } else if (begun) {
      flow.next(receiver);
    } else {
      begun = true;
      flow.next(new First(receiver));
    }
  }

  @Override
  public void cancel() {
    @Nullable Slice part = held;
    held = null;
    if (part != null) {
      part.release();
    }
    flow.cancel();
  }

  /** Gives the head in place of the first part, which comes next. */
  private final class First implements Receiver {
    private final Receiver receiver;

    First(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void part(Slice part) {
      held = part;
      receiver.part(Slice.of(head));
    }

    @Override
    public void end() {
      receiver.end();
    }

    @Override
    public void broken(String reason) {
      receiver.broken(reason);
    }
  }
}
