package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Memory;
import warmfront.bytes.Slice;

/** Moves a body from the origin into its content, on whatever thread the origin's parts come. */
final class Intake implements Pull.Owner {
  /** The first slice of a body of unknown length; each further one is twice as long. */
  private static final int FIRST_SLICE = 16 << 10;

  /** What becomes of the content; called once for each, never under a lock. */
  interface Outcome {
    /** The body is too long, or there is no memory for it: it is passed on and not kept. */
    void notKept();

    /** The body is whole; called once, at the end, unless it broke. */
    void whole();

    /** The body broke off. */
    void broken(String reason);
  }

  private final Pull source;
  private final OnePiece content;
  private final long expected;
  private final MemoryTier memory;
  private final CacheLimits limits;
  private final Outcome outcome;
  private int nextSlice = FIRST_SLICE;
  private boolean passing;
  private volatile boolean ended;
  private volatile boolean unread;

  /** Set, under this object's lock, while nobody asks because a reader is too far behind. */
  private boolean paused;

  Intake(Flow source, OnePiece content, MemoryTier memory, CacheLimits limits, Outcome outcome) {
    this.source = new Pull(source, this);
    this.content = content;
    this.expected = content.bodyLength();
    this.memory = memory;
    this.limits = limits;
    this.outcome = outcome;
  }

  void start() {
    content.fedBy(this);
    source.go();
  }

  @Override
  public boolean mayAsk() {
    if (ended) {
      return false;
    }
    if (unread && !worthFinishing()) {
      source.cancel();
      breakOff("all viewers left");
      return false;
    }
    if (!passing) {
      return true;
    }
    synchronized (this) {
      paused = content.behind() >= limits.passWindowBytes();
      return !paused;
    }
  }

  private boolean worthFinishing() {
    if (!content.isIdle()) {
      unread = false; // somebody came back
      return true;
    }
    long left = expected < 0 ? content.length() : expected - content.length();
    return !passing && left <= limits.unreadBytesMax();
  }

  /** All viewers have left; the owner decides what that means before it asks again. */
  void nobodyReads() {
    unread = true;
    resume();
  }

  /** A reader went on. */
  void resume() {
    synchronized (this) {
      if (!paused) {
        return;
      }
      paused = false;
    }
    source.go();
  }

  @Override
  public void take(Slice slice) {
    if (expected >= 0 && content.length() + slice.length() > expected) {
      slice.release();
      source.cancel();
      breakOff("the origin sent more than its Content-Length of " + expected);
    } else {
      keep(slice);
    }
  }

  @Override
  public void ends() {
    if (expected >= 0 && content.length() != expected) {
      breakOff("the origin sent %d of %d bytes".formatted(content.length(), expected));
    } else {
      ended = true;
      content.complete(passing ? null : exact());
      outcome.whole();
    }
  }

  @Override
  public void breaks(String reason) {
    breakOff(reason);
  }

  private void breakOff(String reason) {
    ended = true;
    content.breakOff(reason);
    outcome.broken(reason);
  }

  private void keep(Slice slice) {
    int total = slice.length();
    int taken = 0;
    while (taken < total && !passing) {
      int room = content.room();
      if (room == 0 && !extend()) {
        passing = true;
        content.passOn();
        outcome.notKept();
      } else if (room > 0) {
        int count = Math.min(room, total - taken);
        slice.copy(taken, count, content.last(), content.lastFilled());
        content.filled(count);
        taken += count;
      }
    }
    if (taken < total) {
      content.pass(slice.part(taken, total - taken));
    }
    slice.release();
  }

  private boolean extend() {
    long room = limits.keptBytesMax() - content.length();
    long left = expected < 0 ? room : Math.min(room, expected - content.length());
    if (left <= 0) {
      return false;
    }
    int wanted = (int) Math.min(expected < 0 ? nextSlice : Memory.SLICE_MAX, left);
    @Nullable Slice slice = memory.take(wanted);
    if (slice == null) {
      return false;
    }
    nextSlice = Math.min(2 * nextSlice, Memory.SLICE_MAX);
    content.extend(slice);
    return true;
  }

  /**
   * Returns the whole body in one slice of its own length, if its length was not known beforehand
   * and it fits one: it was gathered in slices that are too long or too many. Else null.
   */
  private @Nullable Slice exact() {
    long length = content.length();
    boolean fits = expected < 0 && length > 0 && length <= Memory.SLICE_MAX;
    @Nullable Slice exact = fits ? takeExactly((int) length) : null;
    if (exact != null) {
      content.copyTo(exact.memory());
    } else if (content.room() >= FIRST_SLICE && content.lastFilled() > 0) {
      tighten();
    }
    return exact;
  }

  /** Moves the end of a long body out of a slice that is much too long for it. */
  private void tighten() {
    int filled = content.lastFilled();
    @Nullable Slice end = takeExactly(filled);
    if (end != null) {
      content.last().copy(0, filled, end, 0);
      content.replaceLast(end);
    }
  }

  private @Nullable Slice takeExactly(int length) {
    @Nullable Slice slice = memory.take(length);
    if (slice != null && slice.length() < length) {
      slice.release();
      return null;
    }
    return slice;
  }
}
