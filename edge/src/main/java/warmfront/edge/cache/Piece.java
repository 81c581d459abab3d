package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * A slice of a long body in memory, or a part of one, in one run of bytes or, where free memory is
 * in pieces, in several. Guarded by its content's lock; what eviction asks is read without it.
 */
final class Piece implements Evictable {
  /** How far it is. */
  enum State {
    /** It comes from the origin, and is read while it comes. */
    FILLING,
    /** It is being read from disk. */
    LOADING,
    /** It is there, and changes no more. */
    FULL
  }

  private final Sliced content;
  private final long begin;
  private final int size;
  private final List<Slice> runs = new ArrayList<>(1);
  private volatile State state;

  private final @Nullable Feed feeder;

  /** How many bytes are there. */
  private int filled;

  /** How many bytes of its runs there is room for. */
  private int capacity;

  private volatile boolean written;

  /** Whether it was to be written once more before it left memory; the eviction's. */
  private boolean offered;

  private @Nullable Item<Evictable> item;

  /**
   * Makes one that is empty.
   *
   * @param begin offset of its first byte in the body
   * @param feeder what it is to be filled by; null for a slice that comes from disk
   */
  Piece(Sliced content, long begin, int size, @Nullable Feed feeder) {
    this.content = content;
    this.begin = begin;
    this.size = size;
    this.feeder = feeder;
    this.state = feeder == null ? State.LOADING : State.FILLING;
  }

  Sliced content() {
    return content;
  }

  long begin() {
    return begin;
  }

  /** Returns the offset behind its last byte. */
  long end() {
    return begin + size;
  }

  /** Returns the number of its slice. */
  long number() {
    return begin / Sliced.SLICE;
  }

  /** Returns whether it is all of its slice. */
  boolean isSlice() {
    return begin % Sliced.SLICE == 0 && size == content.sizeOf(number());
  }

  int size() {
    return size;
  }

  State state() {
    return state;
  }

  int filled() {
    return filled;
  }

  @Nullable Feed feeder() {
    return feeder;
  }

  /** Returns the runs; they change no more once it is full. */
  List<Slice> runs() {
    return runs;
  }

  /** Returns the room left in its last run, in bytes. */
  int room() {
    return capacity - filled;
  }

  /** Returns where in its last run the next byte goes. */
  int lastFilled() {
    return runs.getLast().length() - room();
  }

  /** Adds a run; takes over its pin. */
  void extend(Slice run) {
    runs.add(run);
    capacity += run.length();
  }

  /** Counts bytes that were put into its last run; says whether it is full now. */
  boolean fill(int bytes) {
    filled += bytes;
    if (filled == size) {
      state = State.FULL;
    }
    return filled == size;
  }

  /** Returns a part of at most {@code max} bytes from {@code offset} on, pinned for the caller. */
  Slice cut(int offset, int max) {
    int start = 0;
    int at = 0;
    while (offset >= start + runs.get(at).length()) {
      start += runs.get(at).length();
      at++;
    }
    Slice run = runs.get(at);
    int from = offset - start;
    int end = Math.min(Math.min(run.length(), filled - start), from + max);
    if (from == 0 && end == run.length()) {
      boolean pinned = run.pin();
      assert pinned : "a run that is held is gone";
      return run;
    }
    return run.part(from, end - from);
  }

  boolean isWritten() {
    return written;
  }

  /** Returns true once: to the first who asks. Under the eviction's lock. */
  boolean offer() {
    boolean first = !offered;
    offered = true;
    return first;
  }

  /** It is on disk, too. */
  void isOnDisk() {
    written = true;
  }

  @Nullable Item<Evictable> item() {
    return item;
  }

  void keep(@Nullable Item<Evictable> counted) {
    item = counted;
  }

  void release() {
    runs.forEach(Slice::release);
  }

  @Override
  public boolean isIdle() {
    if (state != State.FULL || !content.maySpare(this)) {
      return false;
    }
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).pinCount() > 1) {
        return false;
      }
    }
    return true;
  }
}
