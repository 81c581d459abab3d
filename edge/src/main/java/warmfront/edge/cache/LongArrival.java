package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.http.ByteRange;

/**
 * A long object on its way into its slot. It stands there from the beginning, so that others find
 * it, and goes out slice by slice like one that came long ago. If the body breaks off, what came
 * stays if the rest can be asked for; else what stood there before comes back.
 */
final class LongArrival implements Feed.Outcome {
  private final Resident arriving;
  private final Sliced content;
  private final Ground ground;
  private final DiskTier disks;

  /** What stood in the slot before, with the slot's hold. */
  private @Nullable Resident before;

  /** Makes it; the content's first hold becomes the slot's. */
  LongArrival(Resident arriving, Ground ground, DiskTier disks) {
    this.arriving = arriving;
    this.ground = ground;
    this.disks = disks;
    if (!(arriving.content() instanceof Sliced sliced)) {
      throw new IllegalArgumentException("a short object");
    }
    content = sliced;
  }

  Resident arriving() {
    return arriving;
  }

  /**
   * Takes the slot, unless an invalidation came after the fetch began: then nobody else sees it.
   */
  void begin(Filling filling) {
    boolean seen =
        ground
            .index()
            .in(
                arriving.key(),
                slot -> {
                  Settlement.clear(slot, filling);
                  if (!arriving.isValid(ground.current())) {
                    ground.index().tidy(slot, ground.time().millis());
                    return false;
                  }
                  before = ground.memory().lift(slot);
                  slot.resident = arriving;
                  slot.markedUntil = Long.MIN_VALUE;
                  ground.memory().admit(arriving);
                  return true;
                });
    if (!seen) {
      content.letGo();
      return;
    }
    disks.admit(arriving, content);
    if (content.isFillable()) {
      disks.forget(arriving.key()); // parts of the new one are worth more than the one before
      disks.writeHead(arriving, content);
    }
  }

  /**
   * Has the body come.
   *
   * @param range which part of the object it is; of slices that are not whole in it nothing is kept
   */
  void start(Flow body, ByteRange range) {
    long from = (range.first() + Sliced.SLICE - 1) / Sliced.SLICE * Sliced.SLICE;
    long behind = range.last() + 1;
    boolean toTheEnd = behind == content.bodyLength();
    long end = toTheEnd ? behind : behind / Sliced.SLICE * Sliced.SLICE;
    if (from >= end) {
      body.cancel(); // the readings ask for what they need
      letGoOfBefore();
      return;
    }
    content.feed(from, end, this).begin(body, range.first(), end);
  }

  @Override
  public void whole() {
    letGoOfBefore();
    ground.counts().stores.increment();
    if (!content.isFillable() && isHere()) {
      disks.forget(arriving.key()); // what is on disk is the one before
      disks.writeHead(arriving, content);
    }
  }

  private boolean isHere() {
    @Nullable Slot slot = ground.index().find(arriving.key());
    return slot != null && slot.resident == arriving;
  }

  @Override
  public void broken(String reason) {
    ground.counts().brokenOff.increment();
    if (content.isFillable()) {
      letGoOfBefore();
      return;
    }
    content.breakOff(reason);
    giveBack();
  }

  private void letGoOfBefore() {
    @Nullable Resident former = before;
    before = null;
    if (former != null) {
      former.content().letGo();
    }
  }

  /** Puts back what was there before. */
  private void giveBack() {
    @Nullable Resident former = before;
    before = null;
    boolean back =
        ground
            .index()
            .in(
                arriving.key(),
                slot -> {
                  boolean here = slot.resident == arriving;
                  if (here) {
                    ground.memory().drop(slot);
                    slot.resident = former;
                    if (former != null) {
                      ground.memory().admit(former);
                    }
                  }
                  ground.index().tidy(slot, ground.time().millis());
                  return here;
                });
    if (!back && former != null) {
      former.content().letGo();
    }
  }
}
