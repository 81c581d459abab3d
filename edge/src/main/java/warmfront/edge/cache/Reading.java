package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** One viewer's reading of a content, at its own pace. Holds the content until it ends. */
final class Reading implements Flow {
  private final Content content;
  private final long to;
  private volatile long position;
  private @Nullable Receiver waiting;
  private boolean ended;

  Reading(Content content, long from, long to) {
    this.content = content;
    this.position = from;
    this.to = to;
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
      next = content.next(position, to);
      switch (next) {
        case Content.Next.Wait _ -> {
          return;
        }
        case Content.Next.Part(Slice slice) -> position += slice.length();
        case Content.Next.End _, Content.Next.Broken _ -> ended = true;
      }
      waiting = null;
    }
    tell(receiver, next);
  }

  private void tell(Receiver receiver, Content.Next next) {
    switch (next) {
      case Content.Next.Part(Slice slice) -> {
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
      case Content.Next.Wait _ -> {}
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
