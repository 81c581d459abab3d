package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicReference;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/**
 * Asks a flow for its parts, one after another, on whatever thread they come; no thread waits. One
 * caller at a time owns it: whoever asks for a part hands it to the call-back that brings the part.
 */
final class Pull implements Flow.Receiver {
  /** Who has the say; see {@link #go}. */
  private enum Phase {
    /** A part is being asked for. */
    ASKING,
    /** The part came before the asking returned. */
    ANSWERED,
    /** The part will come. */
    WAITING
  }

  /** Where the parts go; called by one thread at a time. */
  interface Owner {
    /** Returns whether the next part is wanted now; if not, somebody goes on later, or nobody. */
    boolean mayAsk();

    /** Takes a part, with its pin. */
    void take(Slice slice);

    /** The flow is complete. */
    void ends();

    /** The flow broke off. */
    void breaks(String reason);
  }

  private final Flow source;
  private final Owner owner;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);

  Pull(Flow source, Owner owner) {
    this.source = source;
    this.owner = owner;
  }

  /**
   * Asks for parts until one is late. If the call-back came within the asking, the loop goes on
   * here, so that a source with everything at hand makes no deep stack; else the call-back goes on.
   */
  void go() {
    while (owner.mayAsk()) {
      phase.set(Phase.ASKING);
      source.next(this);
      if (phase.compareAndSet(Phase.ASKING, Phase.WAITING)) {
        return;
      }
    }
  }

  void cancel() {
    source.cancel();
  }

  @Override
  public void part(Slice slice) {
    owner.take(slice);
    answered();
  }

  @Override
  public void end() {
    owner.ends();
    answered();
  }

  @Override
  public void broken(String reason) {
    owner.breaks(reason);
    answered();
  }

  private void answered() {
    if (!phase.compareAndSet(Phase.ASKING, Phase.ANSWERED)) {
      go();
    }
  }
}
