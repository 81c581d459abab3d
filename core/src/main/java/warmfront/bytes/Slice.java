package warmfront.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes that stays where it is while it is pinned. Made with one pin, its maker's. Whoever
 * pins releases, once; the last to let go gives the memory back. Thread-safe.
 */
public final class Slice {
  private static final VarHandle PINS = pins();

  /** The memory in which the run lies; its position is never moved. */
  private final ByteBuffer memory;

  private final int at;
  private final int length;
  private final Owner owner;

  @SuppressWarnings("UnusedVariable") // read and written through PINS
  private volatile int pins = 1;

  private volatile @Nullable Object view;

  /** Whether a kernel was given its pages to send; set while it is pinned. */
  private volatile boolean lent;

  /** Whose memory it is. */
  interface Owner {
    /** Takes back a run that nobody pins any more. */
    void takeBack(Slice run);

    /** Lends a run to a kernel, which may go on reading when it was taken back; false if not. */
    default boolean lend(Slice run) {
      return false;
    }
  }

  /** Owns a part of another slice. */
  private record Whole(Slice slice) implements Owner {
    @Override
    public void takeBack(Slice part) {
      slice.release();
    }

    @Override
    public boolean lend(Slice part) {
      return slice.lend();
    }
  }

  /**
   * Makes a slice over the remaining bytes of {@code bytes}.
   *
   * @param giveBack run once, by the thread that released the last pin
   */
  public Slice(ByteBuffer bytes, Runnable giveBack) {
    this(bytes.slice(), 0, bytes.remaining(), _ -> giveBack.run());
  }

  /** Makes a slice over a run of {@code memory}, pinned once for the caller. */
  Slice(ByteBuffer memory, int at, int length, Owner owner) {
    this.memory = memory;
    this.at = at;
    this.length = length;
    this.owner = owner;
  }

  /** Makes a slice of bytes on the heap, which the collector takes back. */
  public static Slice of(byte[] bytes) {
    return new Slice(ByteBuffer.wrap(bytes), () -> {});
  }

  /** Returns the number of bytes. */
  public int length() {
    return length;
  }

  /** Returns a read-only view of its own position; use it only while pinned. */
  public ByteBuffer buffer() {
    return memory().asReadOnlyBuffer();
  }

  /** Returns a view of the memory for the room that fills it; use it only while pinned. */
  public ByteBuffer memory() {
    return memory.slice(at, length);
  }

  /**
   * Copies {@code count} bytes from {@code offset} on to a buffer's position, which is not moved;
   * makes nothing. Call it only while this slice is pinned.
   */
  public void copy(int offset, int count, ByteBuffer target) {
    Objects.checkFromIndexSize(offset, count, length);
    target.put(target.position(), memory, at + offset, count);
  }

  /**
   * Copies {@code count} bytes from {@code offset} on to another slice, whose maker fills it; makes
   * nothing. Call it only while both are pinned.
   *
   * @param to where in the other slice they go
   */
  public void copy(int offset, int count, Slice target, int to) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkFromIndexSize(to, count, target.length);
    target.memory.put(target.at + to, memory, at + offset, count);
  }

  /** Returns where in its memory it begins, in bytes. */
  int at() {
    return at;
  }

  /** Returns whether a kernel was given its pages to send. */
  boolean isLent() {
    return lent;
  }

  /**
   * Makes a slice of a part of this one, pinned once for the caller; it pins this one until its own
   * last pin is gone. Call it only while this slice is pinned.
   *
   * @param offset of the first byte, from 0
   * @param count number of bytes, at least 1
   */
  public Slice part(int offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    if (!pin()) {
      throw new IllegalStateException("a part of a slice that is gone");
    }
    return new Slice(memory, at + offset, count, new Whole(this));
  }

  /**
   * Lends the memory to a kernel, which may go on reading when the last pin is gone. Call it only
   * while this slice is pinned and nobody writes to it any more.
   *
   * @return false if it may not be lent: then its bytes have to be copied
   */
  public boolean lend() {
    if (!owner.lend(this)) {
      return false;
    }
    if (!lent) {
      lent = true;
    }
    return true;
  }

  /** Pins this slice for the caller, who calls {@link #release} once; false if it is gone. */
  public boolean pin() {
    int seen;
    do {
      seen = (int) PINS.getAcquire(this);
      if (seen == 0) {
        return false;
      }
    } while (!PINS.weakCompareAndSet(this, seen, seen + 1));
    return true;
  }

  /** Lets go of one pin. */
  public void release() {
    int before = (int) PINS.getAndAdd(this, -1);
    assert before > 0 : "released more often than pinned";
    if (before == 1) {
      view = null;
      owner.takeBack(this);
    }
  }

  /** Returns how many pins there are: for tests and for assertions. */
  public int pinCount() {
    return (int) PINS.getAcquire(this);
  }

  /** Returns what a room of sockets left here to avoid making it again, or null. */
  public @Nullable Object view() {
    return view;
  }

  /** Leaves a room's own wrapper of this memory here until the last pin is gone. */
  public void keepView(Object wrapper) {
    view = wrapper;
  }

  private static VarHandle pins() {
    try {
      return MethodHandles.lookup().findVarHandle(Slice.class, "pins", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no field named pins", e);
    }
  }
}
