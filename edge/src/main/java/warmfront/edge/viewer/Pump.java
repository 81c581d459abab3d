package warmfront.edge.viewer;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/**
 * Reads a flow as fast as its sink takes it and no faster; answers that come at once are taken in a
 * loop, not by recursion. On one event loop, to which answers from other threads hop.
 */
final class Pump implements Flow.Receiver {
  /** Where the parts go. */
  interface Sink {
    /** Returns whether it takes another part now; when it does again, it calls {@link #run}. */
    boolean ready();

    /** Takes a part over, with its pin. */
    void part(Slice part);

    /** The flow is complete. */
    void end();

    /** The flow broke off. */
    void broken(String reason);

    /** Nothing more comes for now: what was written may go out. */
    void pause();
  }

  private final EventLoop loop;
  private final Flow flow;
  private final Sink sink;
  private boolean asked;
  private boolean running;
  private boolean done;

  Pump(EventLoop loop, Flow flow, Sink sink) {
    this.loop = loop;
    this.flow = flow;
    this.sink = sink;
  }

  /** Reads until the flow has nothing at hand or the sink takes no more. */
  void run() {
    if (running || done) {
      return;
    }
    running = true;
    while (!done && !asked && sink.ready()) {
      asked = true;
      flow.next(this);
    }
    running = false;
    if (!done) {
      sink.pause();
    }
  }

  /** Ends reading; the sink hears no more. Idempotent. */
  void stop() {
    if (!done) {
      done = true;
      flow.cancel();
    }
  }

  @Override
  public void part(Slice part) {
    if (loop.inEventLoop()) {
      took(part);
      return;
    }
    try {
      loop.execute(() -> took(part));
    } catch (RejectedExecutionException e) {
      part.release(); // the loop has ended, and the viewer with it
    }
  }

  private void took(Slice part) {
    asked = false;
    if (done) {
      part.release();
      return;
    }
    sink.part(part);
    run();
  }

  @Override
  public void end() {
    hop(sink::end);
  }

  @Override
  public void broken(String reason) {
    hop(() -> sink.broken(reason));
  }

  private void hop(Runnable last) {
    if (loop.inEventLoop()) {
      finish(last);
      return;
    }
    try {
      loop.execute(() -> finish(last));
    } catch (RejectedExecutionException e) {
      done = true; // the loop has ended, and the viewer with it
    }
  }

  private void finish(Runnable last) {
    if (!done) {
      done = true;
      last.run();
    }
  }
}
