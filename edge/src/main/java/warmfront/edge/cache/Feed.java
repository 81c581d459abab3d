package warmfront.edge.cache;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Gaps;
import warmfront.http.ByteRange;

/**
 * Fills a stretch of a long body from the origin. What it fills stays, even if it breaks off in the
 * middle: whole pieces are what is kept and let go.
 */
final class Feed implements Pull.Owner {
  /** What becomes of it; called once, under no lock. */
  interface Outcome {
    /** All of it has come. */
    void whole();

    /** It broke off. */
    void broken(String reason);
  }

  private final Sliced content;
  private final CacheLimits limits;
  private final Outcome outcome;
  private final long from;
  private long end;
  private volatile long next;
  private volatile boolean ended;
  private volatile boolean unread;

  /** Whether what it brought last is being written to disk. */
  private volatile boolean storing;

  /** Bytes to be dropped before it, because grains begin where they begin. */
  private long skip;

  /** Offset behind the last byte that the origin sends. */
  private long behind;

  private volatile @Nullable Pull source;

  /** Set, under this object's lock, while nobody asks because readers are too far behind. */
  private boolean paused;

  /**
   * Makes one that is still to begin.
   *
   * @param from first byte, a multiple of {@link Gaps#GRAIN}
   * @param end behind the last byte, such a multiple, too, or where the body ends
   */
  Feed(Sliced content, long from, long end, CacheLimits limits, Outcome outcome) {
    this.content = content;
    this.from = from;
    this.next = from;
    this.end = end;
    this.limits = limits;
    this.outcome = outcome;
  }

  long from() {
    return from;
  }

  /** Returns behind which byte it ends. */
  long end() {
    return end;
  }

  /** Returns where its next byte goes. */
  long next() {
    return next;
  }

  /** Returns whether it is going to bring the byte at {@code position}. */
  boolean brings(long position) {
    return !ended && next <= position && position < end;
  }

  /** Returns whether it began: the origin has answered. */
  boolean hasBegun() {
    return source != null;
  }

  /**
   * Begins.
   *
   * @param body what the origin sends
   * @param sent which part it is: from {@link #from} or before on, and some grain of it is whole
   */
  void begin(Flow body, ByteRange sent) {
    skip = from - sent.first();
    behind = sent.last() + 1;
    end = Math.min(end, content.keptBefore(behind));
    Pull begun = new Pull(body, this);
    source = begun;
    begun.go();
  }

  /** It will not begin. */
  void fail(String reason) {
    breakOff(reason);
  }

  @Override
  public boolean mayAsk() {
    if (ended) {
      return false;
    }
    if (content.isGone()) {
      giveUp("nobody wants it any more");
      return false;
    }
    if (unread && !worthFinishing()) {
      giveUp("all viewers left");
      return false;
    }
    if (storing || next == end || content.fitsMemory()) {
      return true;
    }
    synchronized (this) {
      paused = content.unread(this) >= limits.passWindowBytes();
      return !paused;
    }
  }

  private boolean worthFinishing() {
    if (!content.isIdle()) {
      unread = false; // somebody came back
      return true;
    }
    return end - next <= limits.unreadBytesMax();
  }

  private void giveUp(String reason) {
    @Nullable Pull pull = source;
    if (pull != null) {
      pull.cancel();
    }
    breakOff(reason);
  }

  /** All viewers have left; the owner decides what that means before it asks again. */
  void nobodyReads() {
    unread = true;
    resume();
  }

  /** Somebody reads it, although holds look as if only the cache had it. */
  void isRead() {
    unread = false;
  }

  /** A reader went on, or came. */
  void resume() {
    synchronized (this) {
      if (!paused) {
        return;
      }
      paused = false;
    }
    @Nullable Pull pull = source;
    if (pull != null) {
      pull.go();
    }
  }

  @Override
  public void take(Slice slice) {
    ByteBuffer bytes = slice.buffer();
    if (skip > 0) {
      int skipped = (int) Math.min(skip, bytes.remaining());
      bytes.position(skipped);
      skip -= skipped;
    }
    boolean surplus = next == end;
    boolean tooMuch = bytes.remaining() > end - next && end == content.bodyLength();
    if (tooMuch) {
      slice.release();
      giveUp("the origin sent more than its Content-Length of " + end);
      return;
    }
    bytes.limit(bytes.position() + (int) Math.min(bytes.remaining(), end - next));
    while (bytes.hasRemaining()) {
      step(slice, bytes);
    }
    slice.release();
    if (next == end && (surplus || end < behind)) {
      source().cancel(); // what follows is not wanted; an end that does leaves a connection usable
      ends();
    }
  }

  private Pull source() {
    return Objects.requireNonNull(source, "begun");
  }

  private void step(Slice slice, ByteBuffer bytes) {
    long position = next;
    @Nullable Piece piece = content.pieceFor(position, this);
    if (piece == null) {
      // Another brings this, or it is there already.
      int over = (int) Math.min(bytes.remaining(), content.nextBegin(position) - position);
      bytes.position(bytes.position() + over);
      next = position + over;
      return;
    }
    int missing = (int) (piece.end() - position);
    int count = Math.min(bytes.remaining(), missing);
    if (piece.room() == 0) {
      @Nullable Slice run = content.take(missing);
      content.extend(piece, run == null ? slice.part(bytes.position(), count) : run);
      if (run == null) {
        filled(piece, count, bytes); // all memory is held: the origin's own bytes will do
        return;
      }
    }
    count = Math.min(count, piece.room());
    int at = piece.lastFilled();
    piece.runs().getLast().memory().put(at, bytes, bytes.position(), count);
    filled(piece, count, bytes);
  }

  private void filled(Piece piece, int count, ByteBuffer bytes) {
    bytes.position(bytes.position() + count);
    long position = next;
    next = position + count;
    @Nullable Piece slice = content.filled(piece, count);
    if (slice != null) {
      storing = content.store(slice);
    }
  }

  @Override
  public void ends() {
    if (next < end) {
      breakOff("the origin sent %d of %d bytes".formatted(next, end));
    } else {
      ended = true;
      content.ended(this);
      outcome.whole();
    }
  }

  @Override
  public void breaks(String reason) {
    if (next == end) {
      ends();
    } else {
      breakOff(reason);
    }
  }

  private void breakOff(String reason) {
    ended = true;
    content.ended(this);
    outcome.broken(reason);
    content.wake();
  }
}
