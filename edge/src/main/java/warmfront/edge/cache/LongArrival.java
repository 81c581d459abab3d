package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.step.Gaps;
import warmfront.http.ByteRange;

/**
 * A long object on its way into its slot. It stands there from the beginning, so that others find
 * it, and goes out slice by slice like one that came long ago. If the body breaks off, what came
 * stays if the rest can be asked for; else what stood there before comes back.
 */
final class LongArrival implements Feed.Outcome {
  private final Resident arriving;
  private final Former former;
  private final Sliced content;
  private final Ground ground;
  private final DiskTier disks;

  /** What brings the body; null if no whole grain is in it. */
  private @Nullable Feed feed;

  /** Makes it; the content's first hold becomes the slot's. */
  LongArrival(Resident arriving, Ground ground, DiskTier disks) {
    this.arriving = arriving;
    this.former = new Former(arriving, ground);
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
   * Takes the slot. Whoever finds it there waits for what is on its way, and does not ask for it.
   *
   * @param range which part of the object will come; the grains that are whole in it are kept
   */
  void begin(Filling filling, ByteRange range) {
    long from = (range.first() + Gaps.GRAIN - 1) / Gaps.GRAIN * Gaps.GRAIN;
    long end = content.keptBefore(range.last() + 1);
    feed = from < end ? content.feed(from, end, this) : null;
    if (!former.giveWay(filling)) {
      content.letGo();
      if (feed != null) {
        feed.isRead(); // by its leader, whose hold is the only one now and looks like the cache's
      }
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
   * @param range which part of the object it is
   */
  void start(Flow body, ByteRange range) {
    @Nullable Feed begun = feed;
    if (begun == null) {
      body.cancel(); // the readings ask for what they need
      former.letGo();
    } else {
      begun.begin(body, range);
    }
  }

  @Override
  public void whole() {
    former.letGo();
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
      former.letGo();
      return;
    }
    content.breakOff(reason);
    former.comeBack();
  }
}
