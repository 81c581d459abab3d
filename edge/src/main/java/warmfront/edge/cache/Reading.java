package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Gaps;

/** One viewer's reading of a content, at its own pace. Holds the content until it ends. */
final class Reading implements Flow {
  private final Content content;
  private final long to;
  private final Gaps gaps;
  private final AtomicInteger gapsAsked = new AtomicInteger();
  private volatile long position;
  private @Nullable Receiver waiting;
  private boolean ended;

  Reading(Content content, long from, long to, Gaps gaps) {
    this.content = content;
    this.position = from;
    this.to = to;
    this.gaps = gaps;
  }

  /** Returns before which byte it ends. */
  long to() {
    return to;
  }

  Gaps gaps() {
    return gaps;
  }

  /** Counts a gap that is asked for; returns how many were since the last byte. */
  int countGap() {
    return gapsAsked.incrementAndGet();
  }

  long position() {
    return position;
  }

  @Override
  public void next(Receiver receiver) {
    synchronized (this) {
      if (ended) {
        throw new IllegalStateException("asked after the end");
      }
      waiting = receiver;
    }
    proceed();
  }

  /** Answers the receiver that waits, if there is one and there is something to say. */
  void proceed() {
    Receiver receiver;
    Content.Next next;
    synchronized (this) {
      if (waiting == null) {
        return;
      }
      receiver = waiting;
      next = content.next(this);
      switch (next) {
        case Content.Next.Wait _ -> {}
        case Content.Next.Part(Slice slice, _) -> {
          position += slice.length();
          gapsAsked.set(0);
          waiting = null;
        }
        case Content.Next.End _, Content.Next.Broken _ -> {
          ended = true;
          waiting = null;
        }
      }
    }
    tell(receiver, next);
  }

  private void tell(Receiver receiver, Content.Next next) {
    switch (next) {
      case Content.Next.Part(Slice slice, @Nullable Runnable also) -> {
        run(also);
        receiver.part(slice);
        content.advanced();
      }
      case Content.Next.End _ -> {
        content.ended(this);
        receiver.end();
      }
      case Content.Next.Broken(String reason) -> {
        content.ended(this);
        receiver.broken(reason);
      }
      case Content.Next.Wait(@Nullable Runnable also) -> run(also);
    }
  }

  private static void run(@Nullable Runnable also) {
    if (also != null) {
      also.run();
    }
  }

  @Override
  public void cancel() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      waiting = null;
    }
    content.ended(this);
  }
}
