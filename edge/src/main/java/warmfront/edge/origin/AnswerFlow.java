package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Trailed;
import warmfront.http.Fields;

/**
 * The body of an answer. Parts are the socket's own read buffers. State is the loop's; callers on
 * other threads hop to it.
 */
final class AnswerFlow implements Trailed {
  private final EventLoop loop;
  private final Source source;
  private final LongAdder lent;
  private final Queue<ByteBuf> parts = new ArrayDeque<>(1); // mostly no more at a time
  private @Nullable Receiver waiting;
  private boolean delivering;
  private boolean ended;
  private @Nullable String broken;
  private boolean cancelled;
  private volatile Fields trailers = Fields.empty();
  private volatile @Nullable Reason fault;

  /** Where the bytes come from; called on the loop. */
  interface Source {
    /** Nothing is left: read on. */
    void wanted();

    /** Nobody wants more. */
    void cancelled();
  }

  /**
   * Makes a flow.
   *
   * @param lent counts the parts that readers hold
   */
  AnswerFlow(EventLoop loop, Source source, LongAdder lent) {
    this.loop = loop;
    this.source = source;
    this.lent = lent;
  }

  @Override
  public void next(Receiver receiver) {
    if (loop.inEventLoop()) {
      take(receiver);
      return;
    }
    try {
      loop.execute(() -> take(receiver));
    } catch (RejectedExecutionException e) {
      receiver.broken("the edge is stopping");
    }
  }

  @Override
  public void cancel() {
    if (loop.inEventLoop()) {
      drop();
      return;
    }
    try {
      loop.execute(this::drop);
    } catch (RejectedExecutionException e) {
      drop(); // the loop has ended: nobody else touches the parts any more
    }
  }

  /** Adds a part; takes it over. On the loop. */
  void add(ByteBuf part) {
    if (cancelled) {
      part.release();
      return;
    }
    parts.add(part);
    deliver();
  }

  /** The body is complete. On the loop. */
  void end() {
    end(Fields.empty(), null);
  }

  /**
   * The body ends, and these fields come after it. On the loop.
   *
   * @param why why it ends before its end; null if it does not
   */
  void end(Fields after, @Nullable Reason why) {
    trailers = after;
    fault = why;
    ended = true;
    deliver();
  }

  @Override
  public @Nullable Reason fault() {
    return fault;
  }

  @Override
  public Fields trailers() {
    return trailers;
  }

  /** The body is not complete. On the loop. */
  void breakOff(String reason) {
    if (!ended && broken == null) {
      broken = reason;
      deliver();
    }
  }

  /** Returns whether the reader waits for a part. On the loop. */
  boolean isWaiting() {
    return waiting != null;
  }

  private void take(Receiver receiver) {
    assert waiting == null : "asked again before the answer";
    waiting = receiver;
    deliver();
  }

  /** Loops here rather than in the call-backs: a reader that asks at once comes back as a flag. */
  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (waiting != null && !cancelled && step(waiting)) {}
    } finally {
      delivering = false;
    }
  }

  private boolean step(Receiver receiver) {
    @Nullable ByteBuf part = parts.poll();
    if (part == null && !ended && broken == null) {
      source.wanted();
      return !parts.isEmpty() || ended || broken != null; // a stream may have it at hand
    }
    waiting = null;
    if (part != null) {
      receiver.part(slice(part));
    } else if (ended) {
      receiver.end();
    } else {
      receiver.broken(String.valueOf(broken));
    }
    return true;
  }

  private Slice slice(ByteBuf part) {
    lent.increment();
    return new Slice(
        part.nioBuffer(),
        () -> {
          part.release();
          lent.decrement();
        });
  }

  private void drop() {
    if (cancelled) {
      return;
    }
    cancelled = true;
    waiting = null;
    parts.forEach(ByteBuf::release);
    parts.clear();
    source.cancelled();
  }
}
