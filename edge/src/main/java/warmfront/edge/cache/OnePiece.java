package warmfront.edge.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Gaps;

/**
 * The bytes of one object that is kept or let go as a whole: they grow while they come, then stay.
 * Whoever uses them holds them; the last to let go gives the slices back. One hold is the cache's
 * own, from the beginning, and passes from the intake to the slot. Growth is guarded by its lock;
 * call-backs run outside it.
 */
final class OnePiece implements Content {
  private static final Holds<OnePiece> HOLDS =
      new Holds<>(AtomicIntegerFieldUpdater.newUpdater(OnePiece.class, "holds"));

  private enum State {
    GROWING,
    WHOLE,
    BROKEN
  }

  private final long expected;
  private final long generation;

  @SuppressWarnings("FieldMayBeFinal") // written through HOLDS
  private volatile int holds = 1;

  /** Its slices, but for {@link #only}. */
  private List<Slice> slices;

  private List<Reading> readings = List.of();
  private volatile State state = State.GROWING;
  private volatile long length;

  /** Offset of the first byte of {@code slices.get(0)}; grows when a body is passed on. */
  private long firstKept;

  /** How many bytes of the last slice are there. */
  private int lastFilled;

  private boolean passing;

  /** The whole body, if it is one slice, as most are: then there is no list of it. */
  private @Nullable Slice only;

  private String broken = "";

  /** Who feeds it, while it grows: an object that is kept must not keep the fetch it came by. */
  private @Nullable Intake intake;

  /** Whether it waits to be written to disk; a wrong one costs a second record. */
  private volatile boolean queued;

  /** Whether it was to be written once more before it left memory; the eviction's. */
  private boolean offered;

  /**
   * Makes content without bytes.
   *
   * @param expected how many bytes there will be; -1 if that is not known
   * @param generation which version of the object it is
   */
  OnePiece(long expected, long generation) {
    this(expected, generation, new ArrayList<>(1));
  }

  private OnePiece(long expected, long generation, List<Slice> slices) {
    this.expected = expected;
    this.generation = generation;
    this.slices = slices;
  }

  /** Makes content that is all there; takes over one pin of each slice. */
  static OnePiece whole(List<Slice> slices, long generation) {
    long length = slices.stream().mapToLong(Slice::length).sum();
    OnePiece content = new OnePiece(length, generation, slices);
    content.length = content.expected;
    content.settle();
    content.state = State.WHOLE;
    return content;
  }

  /** Holds it for the caller, who lets go once; false if it is gone. */
  @Override
  public boolean hold() {
    return HOLDS.add(this);
  }

  @Override
  public void letGo() {
    int left = HOLDS.remove(this);
    if (left == 0) {
      free();
    } else if (left == 1 && state == State.GROWING) {
      nobodyReads();
    }
  }

  /** Returns which version of the object it is. */
  @Override
  public long generation() {
    return generation;
  }

  /** Returns whether only the cache itself holds it. */
  @Override
  public boolean isIdle() {
    return holds == 1;
  }

  /** Says whether it waits to be written to disk. */
  void queue(boolean waits) {
    queued = waits;
  }

  boolean isQueued() {
    return queued;
  }

  /** Returns true once: to the first who asks. Under the eviction's lock. */
  boolean offer() {
    boolean first = !offered;
    offered = true;
    return first;
  }

  @Override
  public boolean isWhole() {
    return state == State.WHOLE;
  }

  boolean isGrowing() {
    return state == State.GROWING;
  }

  /** Returns the length of the body, -1 if it is not known yet. */
  @Override
  public long bodyLength() {
    return state == State.WHOLE ? length : expected;
  }

  /** Returns how many bytes are there. */
  @Override
  public long length() {
    return length;
  }

  /** Returns the only slice of a whole body of one slice, else null. */
  @Override
  public @Nullable Slice single() {
    return state == State.WHOLE ? only : null;
  }

  /** Returns the slices of a whole body. */
  List<Slice> slices() {
    assert state == State.WHOLE : "not whole";
    return only == null ? slices : List.of(only);
  }

  /** Begins a reading of the bytes from {@code from} to before {@code to}; -1 for all of them. */
  @Override
  public Flow read(long from, long to, Gaps gaps) {
    boolean held = hold();
    assert held : "read after release";
    Reading reading = new Reading(this, from, to < 0 ? Long.MAX_VALUE : to, gaps);
    if (state == State.GROWING) {
      synchronized (this) {
        if (readings.isEmpty()) {
          readings = new ArrayList<>(1);
        }
        readings.add(reading);
      }
    }
    return reading;
  }

  void fedBy(Intake feeding) {
    intake = feeding;
  }

  private void nobodyReads() {
    @Nullable Intake feeding = intake;
    if (feeding != null) {
      feeding.nobodyReads();
    }
  }

  // ---- growing: called by the intake, one call after another

  /** Returns the room left in the last slice, in bytes. */
  synchronized int room() {
    return slices.isEmpty() || passing ? 0 : slices.getLast().length() - lastFilled;
  }

  /** Returns the last slice, to be filled from its first free byte on. */
  synchronized Slice last() {
    return slices.getLast();
  }

  synchronized int lastFilled() {
    return lastFilled;
  }

  /** Adds an empty slice; takes over its pin. */
  synchronized void extend(Slice slice) {
    slices.add(slice);
    lastFilled = 0;
  }

  /** Puts a slice with the same bytes, and no room, in the last one's place; takes over its pin. */
  synchronized void replaceLast(Slice slice) {
    slices.removeLast().release();
    slices.add(slice);
  }

  /** Says that so many bytes more of the last slice are filled, and tells those who wait. */
  void filled(int bytes) {
    synchronized (this) {
      lastFilled += bytes;
      length += bytes;
    }
    wake();
  }

  /** From now on slices are passed on and dropped when everyone has read them. */
  synchronized void passOn() {
    if (!passing) {
      trimLast();
      passing = true;
    }
  }

  /** Adds a full slice that is passed on; takes over its pin. */
  void pass(Slice slice) {
    synchronized (this) {
      slices.add(slice);
      lastFilled = slice.length();
      length += slice.length();
    }
    wake();
    dropRead();
  }

  /** Returns how far the slowest reader is behind. */
  synchronized long behind() {
    return length - slowest();
  }

  /**
   * Ends the growth: the body is all there. {@code exact} stands for all slices, if it is not null.
   */
  void complete(@Nullable Slice exact) {
    synchronized (this) {
      if (exact != null) {
        slices.forEach(Slice::release);
        slices.clear();
        slices.add(exact);
      } else if (!passing) {
        trimLast();
      }
      if (!passing) {
        settle();
      }
      state = State.WHOLE;
      intake = null;
    }
    wake();
  }

  /** From now on the slices stay: they are kept in what takes the least memory. */
  private void settle() {
    only = slices.size() == 1 ? slices.getFirst() : null;
    slices = only == null ? List.copyOf(slices) : List.of();
  }

  /** Copies all that is there. */
  synchronized void copyTo(ByteBuffer target) {
    long left = length;
    for (Slice slice : slices) {
      int count = (int) Math.min(left, slice.length());
      target.put(slice.buffer().limit(count));
      left -= count;
    }
  }

  /** Ends the growth: the rest will not come. */
  void breakOff(String reason) {
    synchronized (this) {
      broken = reason;
      state = State.BROKEN;
      intake = null;
    }
    wake();
  }

  private void trimLast() {
    if (slices.isEmpty() || lastFilled == slices.getLast().length()) {
      return;
    }
    Slice whole = slices.removeLast();
    if (lastFilled > 0) {
      slices.add(whole.part(0, lastFilled));
    }
    whole.release();
  }

  private void wake() {
    List<Reading> all;
    synchronized (this) {
      all = List.copyOf(readings);
      if (state != State.GROWING) {
        readings = List.of();
      }
    }
    for (Reading reading : all) {
      reading.proceed();
    }
  }

  private long slowest() {
    // Before anybody reads, everything is still to be read.
    long least = readings.isEmpty() ? firstKept : length;
    for (Reading reading : readings) {
      least = Math.min(least, reading.position());
    }
    return least;
  }

  private synchronized void dropRead() {
    long slowest = slowest();
    while (slices.size() > 1 && firstKept + slices.get(0).length() <= slowest) {
      Slice read = slices.removeFirst();
      firstKept += read.length();
      read.release();
    }
  }

  // ---- reading

  private static final Next WAIT = new Next.Wait(null);
  private static final Next END = new Next.End();

  /** Returns what is there from {@code position} on and before {@code to}. */
  @Override
  public synchronized Next next(Reading reading) {
    long position = reading.position();
    long to = reading.to();
    if (position >= to) {
      return END;
    }
    if (position < firstKept) {
      return new Next.Broken("the body is too long to be kept, and its beginning is gone");
    }
    if (position < length) {
      return new Next.Part(cut(position, Math.min(to, length)), null);
    }
    return switch (state) {
      case GROWING -> WAIT;
      case WHOLE -> END;
      case BROKEN -> new Next.Broken(broken);
    };
  }

  private Slice cut(long position, long to) {
    long start = firstKept;
    int at = 0;
    while (only == null && position >= start + slices.get(at).length()) {
      start += slices.get(at).length();
      at++;
    }
    Slice slice = only == null ? slices.get(at) : only;
    int offset = (int) (position - start);
    int end = (int) Math.min(slice.length(), to - start);
    if (offset == 0 && end == slice.length()) {
      boolean pinned = slice.pin();
      assert pinned : "a slice that is held is gone";
      return slice;
    }
    return slice.part(offset, end - offset);
  }

  /** A reading went on: what nobody needs any more is dropped, and the intake may go on. */
  @Override
  public void advanced() {
    boolean ask;
    synchronized (this) {
      ask = passing && state == State.GROWING;
    }
    @Nullable Intake feeding = intake;
    if (ask && feeding != null) {
      dropRead();
      feeding.resume();
    }
  }

  /** A reading ended. */
  @Override
  public void ended(Reading reading) {
    synchronized (this) {
      if (!readings.isEmpty()) {
        readings.remove(reading);
      }
    }
    advanced();
    letGo();
  }

  private synchronized void free() {
    slices.forEach(Slice::release);
    slices = List.of();
    if (only != null) {
      only.release();
      only = null;
    }
  }
}
