package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * An object on its way into its slot. It stands there from the beginning, so that others find it;
 * what stood there before comes back if the body breaks off.
 */
final class Arrival implements Intake.Outcome {
  private final Resident arriving;
  private final Ground ground;
  private final Settlement settlement;
  private final DiskTier disks;

  /** What stood in the slot before, with the slot's hold. */
  private @Nullable Resident before;

  Arrival(Resident arriving, Ground ground, Settlement settlement, DiskTier disks) {
    this.arriving = arriving;
    this.ground = ground;
    this.settlement = settlement;
    this.disks = disks;
  }

  /**
   * Takes the slot, unless an invalidation came after the fetch began: then nobody else sees it.
   */
  void begin(Filling filling) {
    before =
        ground
            .index()
            .in(
                arriving.key(),
                slot -> {
                  Settlement.clear(slot, filling);
                  if (!arriving.isValid(ground.current())) {
                    ground.index().tidy(slot, ground.time().millis());
                    return Lifted.NONE;
                  }
                  Lifted lifted = new Lifted(ground.memory().lift(slot));
                  slot.resident = arriving;
                  slot.markedUntil = Long.MIN_VALUE;
                  return lifted;
                })
            .resident();
  }

  private record Lifted(@Nullable Resident resident) {
    static final Lifted NONE = new Lifted(null);
  }

  @Override
  public void notKept() {
    giveBack();
    settlement.mark(arriving.key(), null);
  }

  @Override
  public void whole() {
    boolean stays =
        ground
            .index()
            .in(
                arriving.key(),
                slot -> {
                  boolean here = slot.resident == arriving;
                  if (here) {
                    disks.forget(arriving.key()); // what is on disk is the one before
                    ground.memory().admit(arriving);
                  }
                  ground.index().tidy(slot, ground.time().millis());
                  return here;
                });
    letGo(before);
    before = null;
    if (stays) {
      ground.counts().stores.increment();
      disks.write(arriving);
    } else {
      arriving.content().letGo();
    }
  }

  @Override
  public void broken(String reason) {
    ground.counts().brokenOff.increment();
    giveBack();
    arriving.content().letGo();
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
                    slot.resident = former;
                    if (former != null) {
                      ground.memory().admit(former);
                    }
                  }
                  ground.index().tidy(slot, ground.time().millis());
                  return here;
                });
    if (!back) {
      letGo(former);
    }
  }

  private static void letGo(@Nullable Resident resident) {
    if (resident != null) {
      resident.content().letGo();
    }
  }
}
