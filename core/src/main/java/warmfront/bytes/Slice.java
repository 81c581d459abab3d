package warmfront.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes that stays where it is while it is pinned. Made with one pin, its maker's. Whoever
 * pins releases, once; the last to let go gives the memory back. Thread-safe.
 */
public final class Slice {
  private static final VarHandle PINS = pins();

  private final ByteBuffer bytes;
  private final Runnable giveBack;

  /** The run of a region that it is of; null if it is of none. */
  private final @Nullable Lease lease;

  @SuppressWarnings("UnusedVariable") // read and written through PINS
  private volatile int pins = 1;

  private volatile @Nullable Object view;

  /**
   * Makes a slice over the remaining bytes of {@code bytes}.
   *
   * @param giveBack run once, by the thread that released the last pin
   */
  public Slice(ByteBuffer bytes, Runnable giveBack) {
    this(bytes.slice(), giveBack, null);
  }

  /** Makes a slice over a run of a region. */
  Slice(ByteBuffer bytes, Lease lease) {
    this(bytes, lease, lease);
  }

  private Slice(ByteBuffer bytes, Runnable giveBack, @Nullable Lease lease) {
    this.bytes = bytes;
    this.giveBack = giveBack;
    this.lease = lease;
  }

  /** Makes a slice of bytes on the heap, which the collector takes back. */
  public static Slice of(byte[] bytes) {
    return new Slice(ByteBuffer.wrap(bytes), () -> {});
  }

  /** Returns the number of bytes. */
  public int length() {
    return bytes.capacity();
  }

  /** Returns a read-only view of its own position; use it only while pinned. */
  public ByteBuffer buffer() {
    return bytes.asReadOnlyBuffer();
  }

  /** Returns the memory itself, for the room that fills it; its position is never moved. */
  public ByteBuffer memory() {
    return bytes.duplicate();
  }

  /**
   * Copies {@code length} bytes from {@code offset} on to a buffer's position, which is not moved;
   * makes nothing. Call it only while this slice is pinned.
   */
  public void copy(int offset, int length, ByteBuffer target) {
    target.put(target.position(), bytes, offset, length);
  }

  /**
   * Makes a slice of a part of this one, pinned once for the caller; it pins this one until its own
   * last pin is gone. Call it only while this slice is pinned.
   *
   * @param offset of the first byte, from 0
   * @param length number of bytes, at least 1
   */
  public Slice part(int offset, int length) {
    if (!pin()) {
      throw new IllegalStateException("a part of a slice that is gone");
    }
    return new Slice(bytes.slice(offset, length), this::release, lease);
  }

  /**
   * Lends the memory to a kernel, which may go on reading when the last pin is gone. Call it only
   * while this slice is pinned and nobody writes to it any more.
   *
   * @return false if it may not be lent: then its bytes have to be copied
   */
  public boolean lend() {
    return lease != null && lease.lend();
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
      giveBack.run();
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
