package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/**
 * A request's body on its way from the connection to whoever reads it. The reader may be on any
 * thread and hops to the connection's loop; everything else is on that loop.
 */
final class RequestBody implements Flow {
  /** Parts that wait as they came; those after them are joined, so that tiny ones cost little. */
  private static final int PARTS_MAX = 32;

  /** The connection's side. */
  interface Source {
    /** The reader waits and nothing is there. */
    void wanted();

    /** The reader took this many bytes. */
    void taken(int bytes);

    /** The reader wants no more. */
    void left();
  }

  private enum State {
    OPEN,
    COMPLETE,
    BROKEN,
    LEFT
  }

  private final EventLoop loop;
  private final Source source;
  private final Queue<Slice> held = new ArrayDeque<>(1); // mostly stays empty
  private @Nullable ByteBuf joined;
  private @Nullable Receiver waiting;
  private State state = State.OPEN;
  private String reason = "";
  private int heldBytes;
  private long received;

  RequestBody(EventLoop loop, Source source) {
    this.loop = loop;
    this.source = source;
  }

  @Override
  public void next(Receiver receiver) {
    if (loop.inEventLoop()) {
      ask(receiver);
      return;
    }
    try {
      loop.execute(() -> ask(receiver));
    } catch (RejectedExecutionException e) {
      receiver.broken("the edge is shutting down");
    }
  }

  private void ask(Receiver receiver) {
    @Nullable Slice part = poll();
    if (part != null) {
      source.taken(part.length());
      receiver.part(part);
      return;
    }
    switch (state) {
      case OPEN -> {
        waiting = receiver;
        source.wanted();
      }
      case COMPLETE -> receiver.end();
      case BROKEN -> receiver.broken(reason);
      case LEFT -> {}
    }
  }

  private @Nullable Slice poll() {
    @Nullable Slice part = held.poll();
    if (part == null && joined != null) {
      part = slice(joined);
      joined = null;
    }
    if (part != null) {
      heldBytes -= part.length();
    }
    return part;
  }

  @Override
  public void cancel() {
    if (loop.inEventLoop()) {
      leave();
      return;
    }
    try {
      loop.execute(this::leave);
    } catch (RejectedExecutionException e) {
      leave(); // the loop has ended: nobody else touches it any more
    }
  }

  private void leave() {
    if (state == State.LEFT) {
      return;
    }
    state = State.LEFT;
    waiting = null;
    int bytes = heldBytes;
    for (Slice part = poll(); part != null; part = poll()) {
      part.release();
    }
    if (bytes > 0) {
      source.taken(bytes);
    }
    source.left();
  }

  /** Takes over a part of at least one byte. */
  void offer(ByteBuf part) {
    int bytes = part.readableBytes();
    received += bytes;
    if (state != State.OPEN) {
      part.release();
      source.taken(bytes);
      return;
    }
    @Nullable Receiver receiver = waiting;
    if (receiver != null) {
      waiting = null;
      source.taken(bytes);
      receiver.part(slice(part));
      return;
    }
    heldBytes += bytes;
    hold(part);
  }

  private void hold(ByteBuf part) {
    if (joined == null && held.size() < PARTS_MAX) {
      held.add(slice(part));
      return;
    }
    if (joined == null) {
      joined = part.alloc().buffer(4096);
    }
    joined.writeBytes(part);
    part.release();
  }

  /** The last part was offered. */
  void complete() {
    if (state != State.OPEN) {
      return;
    }
    state = State.COMPLETE;
    @Nullable Receiver receiver = waiting;
    waiting = null;
    if (receiver != null) {
      receiver.end();
    }
  }

  /** No more parts come, and the body is not complete. */
  void breakOff(String why) {
    if (state != State.OPEN) {
      return;
    }
    state = State.BROKEN;
    reason = why;
    @Nullable Receiver receiver = waiting;
    waiting = null;
    if (receiver != null) {
      receiver.broken(why);
    }
  }

  /** Returns how many bytes wait for the reader. */
  int heldBytes() {
    return heldBytes;
  }

  /** Returns whether a few more parts may wait without being joined. */
  boolean roomy() {
    return held.size() < PARTS_MAX;
  }

  /** Returns whether the reader waits for bytes. */
  boolean waiting() {
    return waiting != null;
  }

  /** Returns whether parts still find a reader, now or later. */
  boolean open() {
    return state == State.OPEN;
  }

  /** Returns how many bytes were received. */
  long received() {
    return received;
  }

  private static Slice slice(ByteBuf part) {
    if (part.nioBufferCount() == 1) {
      return new Slice(part.nioBuffer(), part::release);
    }
    byte[] copy = ByteBufUtil.getBytes(part);
    part.release();
    return Slice.of(copy);
  }
}
