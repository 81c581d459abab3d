package warmfront.edge.cache;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** An origin's body that comes when the test says so. Counts what it gave that was not released. */
final class Tap implements Flow {
  private final Queue<Consumer<Receiver>> ready = new ArrayDeque<>();
  private final AtomicInteger out = new AtomicInteger();
  private @Nullable Receiver waiting;
  private boolean cancelled;
  private int asked;

  void give(byte[] bytes) {
    out.incrementAndGet();
    Slice slice = new Slice(ByteBuffer.wrap(bytes), out::decrementAndGet);
    answer(receiver -> receiver.part(slice));
  }

  void end() {
    answer(Receiver::end);
  }

  void breakOff(String reason) {
    answer(receiver -> receiver.broken(reason));
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Returns how often a part was asked for. */
  synchronized int asked() {
    return asked;
  }

  /** Returns how many of its slices are still held by somebody. */
  int out() {
    return out.get();
  }

  private void answer(Consumer<Receiver> answer) {
    @Nullable Receiver receiver;
    synchronized (this) {
      receiver = waiting;
      waiting = null;
      if (receiver == null) {
        ready.add(answer);
      }
    }
    if (receiver != null) {
      answer.accept(receiver);
    }
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Consumer<Receiver> answer;
    synchronized (this) {
      if (waiting != null || cancelled) {
        throw new IllegalStateException("asked twice or after the end");
      }
      asked++;
      answer = ready.poll();
      if (answer == null) {
        waiting = receiver;
      }
    }
    if (answer != null) {
      answer.accept(receiver);
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    waiting = null;
  }
}
