package warmfront.edge;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/**
 * A stretch of a flow, of which the first part is fetched before anybody reads it. Whoever reads it
 * is called back on one loop, which is also where it asks.
 */
final class PartFlow implements Flow {
  private final Flow flow;
  private final Executor loop;
  private long skip;
  private long left;
  private @Nullable Slice held;

  /** Whether nobody reads any more; the loop's own. */
  private boolean over;

  /** Who asked last. */
  private volatile @Nullable Thread asker;

  /**
   * Makes one.
   *
   * @param flow what it is cut from
   * @param skip so many bytes are left out before it
   * @param left so many bytes it has, at least 1; what comes behind them is not read
   * @param loop where it is read
   */
  PartFlow(Flow flow, long skip, long left, Executor loop) {
    this.flow = flow;
    this.skip = skip;
    this.left = left;
    this.loop = loop;
  }

  /**
   * Fetches the first part, on any thread, once, before it is read.
   *
   * @param opened called when the part is there
   * @param broken called if none comes, with the reason
   */
  void open(Runnable opened, Consumer<String> broken) {
    new Asking(
            new Receiver() {
              @Override
              public void part(Slice part) {
                held = part;
                opened.run();
              }

              @Override
              public void end() {
                broken.accept("it has no bytes");
              }

              @Override
              public void broken(String reason) {
                broken.accept(reason);
              }
            })
        .ask();
  }

  @Override
  public void next(Receiver receiver) {
    @Nullable Slice part = held;
    held = null;
    if (part != null) {
      receiver.part(part);
    } else if (left == 0) {
      over = true;
      receiver.end();
    } else {
      asker = Thread.currentThread();
      new Asking(new Looped(receiver)).ask();
    }
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    @Nullable Slice part = held;
    held = null;
    if (part != null) {
      part.release();
    }
    flow.cancel();
  }

  /** One question: parts that are left out are passed over until one is to be had. */
  private final class Asking implements Receiver {
    private final Receiver receiver;

    /** Questions to be put: more than one if a part came before {@link Flow#next} returned. */
    private final AtomicInteger questions = new AtomicInteger();

    Asking(Receiver receiver) {
      this.receiver = receiver;
    }

    void ask() {
      if (questions.getAndIncrement() > 0) {
        return; // the stack does not grow by what is passed over
      }
      do {
        flow.next(this);
      } while (questions.decrementAndGet() > 0);
    }

    @Override
    public void part(Slice whole) {
      int length = whole.length();
      if (skip >= length) {
        skip -= length;
        whole.release();
        ask();
        return;
      }
      int offset = (int) skip;
      int taken = (int) Math.min(left, length - offset);
      skip = 0;
      left -= taken;
      Slice part = whole;
      if (taken < length) {
        part = whole.part(offset, taken);
        whole.release();
      }
      if (left == 0) {
        finish(offset + taken < length);
      }
      receiver.part(part);
    }

    @Override
    public void end() {
      receiver.broken("it ended too early");
    }

    @Override
    public void broken(String reason) {
      receiver.broken(reason);
    }
  }

  /** All that is wanted was read: an end that comes now leaves a connection usable. */
  private void finish(boolean moreIsThere) {
    if (moreIsThere) {
      flow.cancel();
      return;
    }
    flow.next(
        new Receiver() {
          @Override
          public void part(Slice part) {
            part.release();
            flow.cancel();
          }

          @Override
          public void end() {}

          @Override
          public void broken(String reason) {}
        });
  }

  /** Calls back on the loop. What comes there for nobody is let go. */
  private final class Looped implements Receiver {
    private final Receiver receiver;

    Looped(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void part(Slice part) {
      onLoop(() -> {
        if (over) {
          part.release();
        } else {
          receiver.part(part);
        }
      });
    }

    @Override
    public void end() {
      throw new IllegalStateException("a stretch ends by its length");
    }

    @Override
    public void broken(String reason) {
      onLoop(() -> {
        if (!over) {
          over = true;
          receiver.broken(reason);
        }
      });
    }

    private void onLoop(Runnable told) {
      if (Thread.currentThread() == asker) {
        told.run();
        return;
      }
      try {
        loop.execute(told);
      } catch (RejectedExecutionException e) {
        over = true; // the loop has ended, and with it who read
        told.run();
      }
    }
  }
}
