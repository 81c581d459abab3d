package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Memory;
import warmfront.bytes.Slice;
import warmfront.edge.step.Gaps;

/**
 * The bytes of a long object of known length, in slices, of which any may be in memory, on disk,
 * both, or nowhere. A reading gets a slice from memory, else waits for it to be read from disk or
 * to come from the origin, or asks the origin for it and what is lacking behind it. Of a slice that
 * the origin is asked for, what is before the reading is left out; so a slice may be in memory in
 * parts until the others are wanted, too. Its maps are guarded by its lock; nothing is called under
 * it but the index.
 */
final class Sliced implements Content {
  /** The unit of storage, in bytes. */
  static final int SLICE = Memory.SLICE_MAX;

  /** A reading waits for a fetch under way that is at most so far from what it wants. */
  static final long NEAR_BYTES = 8L * SLICE;

  private static final Holds<Sliced> HOLDS =
      new Holds<>(AtomicIntegerFieldUpdater.newUpdater(Sliced.class, "holds"));

  /** At most so many slices are asked for at once where some are lacking. */
  private static final int GAP_SLICES = 256;

  /** So often a reading asks for the same byte. */
  private static final int GAPS_MAX = 3;

  /**
   * What it is made of.
   *
   * @param head its key, length and version
   * @param validator what names this version to the origin; empty if nothing does
   * @param ground what the cache stands on
   * @param disks where slices are kept
   */
  record Make(ObjectHead head, String validator, Ground ground, DiskTier disks) {}

  private final Make make;
  private final long length;

  @SuppressWarnings("FieldMayBeFinal") // written through HOLDS
  private volatile int holds = 1;

  private final Pieces pieces = new Pieces(this);
  private final List<Feed> feeds = new ArrayList<>(1);
  private final Readers readers = new Readers();

  /** Slices that a disk did not give in time: the origin is asked for them. */
  private final Set<Long> avoided = new HashSet<>();

  private volatile String broken = "";
  private volatile boolean gone;
  private volatile boolean complete;

  /** Whether it is worth room on a disk: as a whole, whichever slices come. */
  private volatile boolean admitted;

  Sliced(Make make) {
    this.make = make;
    this.length = make.head().bodyLength();
  }

  ObjectHead head() {
    return make.head();
  }

  /** Returns whether what is lacking can be asked for: the origin can be told which version. */
  boolean isFillable() {
    return !make.validator().isEmpty();
  }

  /** Returns whether all slices are in memory. */
  boolean isComplete() {
    return complete;
  }

  boolean isGone() {
    return gone;
  }

  /** Returns whether it is worth room on a disk. */
  boolean isAdmitted() {
    return admitted;
  }

  /** From now on its slices are written to disk. */
  void admit() {
    admitted = true;
  }

  /** Returns the whole slices that are in memory alone. */
  synchronized List<Piece> unwritten() {
    return pieces.all().stream()
        .filter(p -> p.state() == Piece.State.FULL && p.isSlice() && !p.isWritten())
        .toList();
  }

  /** Returns whether no slice is in memory and none on its way. */
  synchronized boolean isEmpty() {
    return pieces.isEmpty() && feeds.isEmpty();
  }

  /** Returns whether it may stay in memory as a whole. */
  boolean fitsMemory() {
    return length <= make.ground().limits().keptBytesMax();
  }

  @Override
  public boolean hold() {
    return HOLDS.add(this);
  }

  @Override
  public void letGo() {
    int left = HOLDS.remove(this);
    if (left == 0) {
      free();
    } else if (left == 1) {
      activeFeeds().forEach(Feed::nobodyReads);
      tidy();
    }
  }

  /** Leaves its slot if nothing of it is left in memory. */
  private void tidy() {
    if (isEmpty()) {
      make.ground().memory().emptied(this);
    }
  }

  @Override
  public boolean isIdle() {
    return holds == 1;
  }

  @Override
  public synchronized boolean isWhole() {
    return feeds.isEmpty();
  }

  @Override
  public long generation() {
    return make.head().generation();
  }

  @Override
  public long bodyLength() {
    return length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable Slice single() {
    return null;
  }

  @Override
  public Flow read(long from, long to, Gaps gaps) {
    boolean held = hold();
    assert held : "read after release";
    Reading reading = new Reading(this, from, to < 0 ? length : Math.min(to, length), gaps);
    readers.add(reading);
    activeFeeds().forEach(Feed::resume);
    return reading;
  }

  /** Returns whether a reading of this byte would have the origin asked for it. */
  synchronized boolean isLacking(long position) {
    return pieces.at(position) == null
        && !isComing(position, NEAR_BYTES)
        && onDisk(position / SLICE) == null;
  }

  // ---- what readings get

  @Override
  public synchronized Next next(Reading reading) {
    long position = reading.position();
    if (position >= reading.to()) {
      return new Next.End();
    }
    long number = position / SLICE;
    @Nullable Piece piece = pieces.at(position);
    if (piece != null && position - piece.begin() < piece.filled()) {
      long most = Math.min(reading.to() - position, SLICE);
      use(piece);
      Slice part = piece.cut((int) (position - piece.begin()), (int) most);
      return new Next.Part(part, ahead(reading, number + 1));
    }
    if (!broken.isEmpty()) {
      return new Next.Broken(broken);
    }
    return piece != null || isComing(position, NEAR_BYTES)
        ? new Next.Wait(null)
        : elsewhere(reading, number);
  }

  private Next elsewhere(Reading reading, long number) {
    @Nullable Entry entry = onDisk(number);
    if (entry != null) {
      return new Next.Wait(load(number, entry));
    }
    if (!isFillable()) {
      if (isComing(reading.position(), Long.MAX_VALUE)) {
        return new Next.Wait(null);
      }
      broken = "a part of the object is not there any more";
      return new Next.Broken(broken);
    }
    return reading.countGap() > GAPS_MAX
        ? new Next.Broken("the origin did not send what is lacking")
        : new Next.Wait(ask(reading));
  }

  private static void use(Piece piece) {
    @Nullable Item<Evictable> item = piece.item();
    if (item != null) {
      item.use();
    }
  }

  private boolean isComing(long position, long near) {
    for (Feed feed : feeds) {
      if (feed.brings(position) && position - feed.next() <= near) {
        return true;
      }
    }
    return false;
  }

  /** What is in memory of a slice, if only a part, goes before what is on disk. */
  private @Nullable Entry onDisk(long number) {
    return avoided.contains(number) || pieces.hasAnyOf(number)
        ? null
        : make.disks().findSlice(RecordKey.slice(make.head().key(), generation(), number));
  }

  /** Has the slice after the one that is being read come from disk beforehand. */
  private @Nullable Runnable ahead(Reading reading, long number) {
    if (number * SLICE >= reading.to()) {
      return null;
    }
    @Nullable Entry entry = isComing(number * SLICE, NEAR_BYTES) ? null : onDisk(number);
    return entry == null ? null : load(number, entry);
  }

  // ---- from disk

  private Runnable load(long number, Entry entry) {
    Piece piece = new Piece(this, number * SLICE, sizeOf(number), null);
    pieces.add(piece);
    return () -> {
      SliceHead wanted = new SliceHead(generation(), number);
      make.disks().readSlice(make.head().key(), wanted, entry, runs -> loaded(piece, runs));
      long millis = make.ground().limits().diskReadMax().toMillis();
      if (isFillable() && piece.state() == Piece.State.LOADING) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run)
            .execute(() -> late(piece));
      }
    };
  }

  /** The disk takes too long: for this reader the slice is not on it. */
  private void late(Piece piece) {
    synchronized (this) {
      if (piece.state() != Piece.State.LOADING || !pieces.remove(piece)) {
        return;
      }
      avoided.add(piece.number());
    }
    make.ground().counts().diskSkips.increment();
    wake();
  }

  private void loaded(Piece piece, @Nullable List<Slice> runs) {
    boolean kept = false;
    synchronized (this) {
      boolean waits = pieces.has(piece);
      if (runs == null) {
        pieces.remove(piece);
        avoided.add(piece.number());
      } else if (!gone && (waits || !pieces.hasAnyOf(piece.number()))) {
        pieces.add(piece);
        runs.forEach(piece::extend);
        piece.isOnDisk();
        piece.fill(piece.size());
        avoided.remove(piece.number());
        kept = true;
      }
    }
    if (kept) {
      arrived(piece);
    } else if (runs != null) {
      runs.forEach(Slice::release);
    }
    wake();
    if (isIdle()) {
      tidy();
    }
  }

  private void arrived(Piece piece) {
    Item<Evictable> item = make.ground().memory().admit(piece);
    boolean late;
    boolean ours;
    synchronized (this) {
      late = gone || !pieces.has(piece);
      ours = late && pieces.remove(piece);
      if (!late) {
        piece.keep(item);
        complete = pieces.isFull((length + SLICE - 1) / SLICE);
      }
    }
    if (late) {
      make.ground().memory().forget(item);
    }
    if (ours) {
      piece.release();
    }
  }

  // ---- from the origin

  /** Begins a stretch that the origin is being asked for. */
  Feed feed(long from, long end, Feed.Outcome outcome) {
    Feed feed = new Feed(this, from, end, make.ground().limits(), outcome);
    synchronized (this) {
      feeds.add(feed);
    }
    return feed;
  }

  private Runnable ask(Reading reading) {
    long position = reading.position();
    long from = position / Gaps.GRAIN * Gaps.GRAIN;
    GapFill gap = new GapFill(this, from, gapEnd(position, reading.to()), make.validator());
    return () -> reading.gaps().fill(gap);
  }

  /**
   * Returns where what is lacking from a byte on ends: at the latest with the last slice wanted.
   */
  private long gapEnd(long position, long to) {
    long number = position / SLICE;
    long slices = Math.min((to + SLICE - 1) / SLICE, number + GAP_SLICES);
    long end = pieces.nextBegin(position, Math.min(slices * SLICE, length));
    for (Feed feed : feeds) {
      if (feed.next() > position) {
        end = Math.min(end, (feed.next() + Gaps.GRAIN - 1) / Gaps.GRAIN * Gaps.GRAIN);
      }
    }
    for (long slice = number + 1; slice * SLICE < end; slice++) {
      if (onDisk(slice) != null) {
        return slice * SLICE;
      }
    }
    return end;
  }

  /** Returns up to where bytes can be kept that come up to {@code behind}. */
  long keptBefore(long behind) {
    return behind >= length ? length : behind / Gaps.GRAIN * Gaps.GRAIN;
  }

  /** The origin has another version: this one is given up. */
  void outdated(String reason) {
    broken = reason;
    spoil();
    wake();
  }

  private void spoil() {
    make.disks().forget(make.head().key());
    make.ground().memory().spoilt(this);
  }

  int sizeOf(long number) {
    return (int) Math.min(SLICE, length - number * SLICE);
  }

  /**
   * Returns the piece that {@code feed} is to fill from {@code position} on; null if that is there,
   * or another brings it, or its beginning is missing.
   */
  synchronized @Nullable Piece pieceFor(long position, Feed feed) {
    @Nullable Piece piece = pieces.at(position);
    if (piece != null) {
      return piece.feeder() == feed && piece.state() == Piece.State.FILLING ? piece : null;
    }
    return gone ? null : pieces.begin(position, feed);
  }

  /** Returns where a piece may begin next behind a byte for which there is none. */
  synchronized long nextBegin(long position) {
    @Nullable Piece piece = pieces.at(position);
    return piece == null ? (position / Gaps.GRAIN + 1) * Gaps.GRAIN : piece.end();
  }

  @Nullable Slice take(int wanted) {
    return make.ground().memory().take(wanted);
  }

  /** Adds a run; takes over its pin. */
  synchronized void extend(Piece piece, Slice run) {
    piece.extend(run);
  }

  /**
   * Says that so many bytes more of a piece are filled; returns its slice if all of that is there
   * now.
   */
  @Nullable Piece filled(Piece piece, int count) {
    boolean full;
    Pieces.@Nullable Joined joined;
    synchronized (this) {
      full = piece.fill(count);
      joined = full ? pieces.join(piece.number()) : null;
    }
    if (joined != null) {
      joined.left().forEach(make.ground().memory()::forget);
      arrived(joined.slice());
    } else if (full) {
      arrived(piece);
    }
    wake();
    return joined == null ? null : joined.slice();
  }

  /** Has a whole slice written to disk; false if that is not possible now, or not worth it. */
  boolean store(Piece piece) {
    @Nullable WriteJob job = writing(piece);
    return job != null && make.disks().writeSlice(make.head(), job);
  }

  /** Returns the writing of a slice, which ends it; null if it is not whole or not worth it. */
  @Nullable WriteJob writing(Piece piece) {
    if (!admitted || !piece.isSlice()) {
      return null;
    }
    List<Slice> pinned = new ArrayList<>(1);
    synchronized (this) {
      if (gone || !pieces.has(piece)) {
        return null;
      }
      piece
          .runs()
          .forEach(run -> {
            if (run.pin()) {
              pinned.add(run);
            }
          });
    }
    return new WriteJob.OfSlice(make.head(), piece, pinned, make.ground());
  }

  /** Returns how much of what a feed has brought its readers have not read. */
  long unread(Feed feed) {
    // One who is too slow for a body that can be asked for again asks again.
    return readers.unread(feed, isFillable());
  }

  /** A feed ended: a piece that it left unfinished goes. */
  void ended(Feed feed) {
    @Nullable Piece torn;
    synchronized (this) {
      feeds.remove(feed);
      torn = pieces.removeTorn(feed);
    }
    if (torn != null) {
      torn.release();
    }
    if (isIdle()) {
      tidy();
    }
  }

  /** Nothing more will come of what cannot be asked for again. */
  void breakOff(String reason) {
    if (!isFillable()) {
      broken = reason;
    }
    wake();
  }

  // ---- eviction

  /** Returns whether a piece may leave memory; called under the eviction's lock. */
  boolean maySpare(Piece piece) {
    return piece.isWritten() || isFillable() || piece.end() <= readers.slowest();
  }

  /** Lets go of a piece; what cannot be had again goes as a whole. */
  void evict(Piece piece) {
    synchronized (this) {
      if (!pieces.remove(piece)) {
        return;
      }
      piece.keep(null);
      complete = false;
    }
    piece.release();
    if (!isFillable() && !piece.isWritten()) {
      make.ground().memory().spoilt(this);
    } else if (isIdle()) {
      tidy();
    }
  }

  private void free() {
    List<Piece> all;
    List<Feed> running;
    synchronized (this) {
      gone = true;
      complete = false;
      all = pieces.all().stream().filter(p -> p.state() != Piece.State.FILLING).toList();
      all.forEach(pieces::remove);
      running = List.copyOf(feeds);
    }
    for (Piece piece : all) {
      @Nullable Item<Evictable> item = piece.item();
      if (item != null) {
        make.ground().memory().forget(item);
      }
      piece.release();
    }
    running.forEach(Feed::nobodyReads);
  }

  // ---- readers

  private synchronized List<Feed> activeFeeds() {
    return List.copyOf(feeds);
  }

  void wake() {
    readers.wake();
  }

  @Override
  public void advanced() {
    readers.advanced();
    activeFeeds().forEach(Feed::resume);
  }

  @Override
  public void ended(Reading reading) {
    readers.remove(reading);
    activeFeeds().forEach(Feed::resume);
    if (!broken.isEmpty()) {
      spoil();
    }
    letGo();
  }
}
