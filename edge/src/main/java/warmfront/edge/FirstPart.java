package warmfront.edge;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** A flow whose first part is waited for before anything is sent; then it flows on. */
final class FirstPart implements Flow {
  private final Flow flow;
  private final CompletableFuture<Slice> first = new CompletableFuture<>();
  private @Nullable Slice held;

  FirstPart(Flow flow) {
    this.flow = flow;
  }

  /**
   * Waits for the first part, once, on a thread that may wait.
   *
   * @return false if none came; the flow has ended then
   */
  boolean await(Duration limit) throws InterruptedException {
    flow.next(new Taker());
    try {
      held = first.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return false;
    } catch (TimeoutException e) {
      giveUp();
      return false;
    } catch (InterruptedException e) {
      giveUp();
      throw e;
    }
  }

  private void giveUp() {
    flow.cancel();
    var _ = first.thenAccept(Slice::release); // it may have come just now
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Slice part = held;
    held = null;
    if (part == null) {
      flow.next(receiver);
    } else {
      receiver.part(part);
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

  private final class Taker implements Receiver {
    @Override
    public void part(Slice part) {
      if (!first.complete(part)) {
        part.release();
      }
    }

    @Override
    public void end() {
      broken("the end");
    }

    @Override
    public void broken(String reason) {
      first.completeExceptionally(new IllegalStateException(reason));
    }
  }
}
