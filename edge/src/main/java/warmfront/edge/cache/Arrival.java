package warmfront.edge.cache;

/**
 * An object on its way into its slot. It stands there from the beginning, so that others find it;
 * what stood there before comes back if the body breaks off.
 */
final class Arrival implements Intake.Outcome {
  private final Resident arriving;
  private final Former former;
  private final Ground ground;
  private final Settlement settlement;
  private final DiskTier disks;

  Arrival(Resident arriving, Ground ground, Settlement settlement, DiskTier disks) {
    this.arriving = arriving;
    this.former = new Former(arriving, ground);
    this.ground = ground;
    this.settlement = settlement;
    this.disks = disks;
  }

  /** Takes the slot. */
  void begin(Filling filling) {
    former.giveWay(filling);
  }

  @Override
  public void notKept() {
    former.comeBack();
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
                  ground.index().tidy(slot);
                  return here;
                });
    former.letGo();
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
    former.comeBack();
    arriving.content().letGo();
  }
}
