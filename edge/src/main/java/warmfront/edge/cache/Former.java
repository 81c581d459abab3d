package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * What stood in a slot before an object that is on its way into it, with the slot's hold. It comes
 * back if the object does not arrive. Owned by whoever brings the object.
 */
final class Former {
  private final Resident arriving;
  private final Ground ground;
  private @Nullable Resident before;

  Former(Resident arriving, Ground ground) {
    this.arriving = arriving;
    this.ground = ground;
  }

  /**
   * Has the arriving object take the slot, unless an invalidation came after its fetch began: then
   * nobody else sees it. Returns whether it stands there.
   */
  boolean giveWay(Filling filling) {
    return ground
        .index()
        .in(
            arriving.key(),
            slot -> {
              Settlement.clear(slot, filling);
              if (!arriving.isValid(ground.current())) {
                ground.index().tidy(slot);
                return false;
              }
              before = ground.memory().lift(slot);
              slot.resident = arriving;
              slot.markedUntil = Slot.UNMARKED;
              if (arriving.content() instanceof Sliced) {
                ground.memory().admit(arriving); // a short one when it is whole
              }
              return true;
            });
  }

  /** Takes the slot again; it is let go of if something else stands there by now. */
  void comeBack() {
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
                  ground.index().tidy(slot);
                  return here;
                });
    if (!back && former != null) {
      former.content().letGo();
    }
  }

  /** The object has arrived, or what there is of it is worth more. */
  void letGo() {
    @Nullable Resident former = before;
    before = null;
    if (former != null) {
      former.content().letGo();
    }
  }
}
