package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Lookup;

/** Step 5: what the cache has of a key. */
final class Lookups {
  private static final Lookup MARKED = new Lookup.Pass(Lookup.Passing.HIT_FOR_MISS);
  private static final Lookup CROWDED = new Lookup.Pass(Lookup.Passing.TOO_MANY_WAITERS);

  private final Ground ground;
  private final Settlement settlement;
  private final DiskTier disks;

  Lookups(Ground ground, Settlement settlement, DiskTier disks) {
    this.ground = ground;
    this.settlement = settlement;
    this.disks = disks;
  }

  /**
   * Looks a key up; for a fresh object in memory without a lock and without making anything.
   *
   * @param nanos the time now, on the steady clock
   */
  Lookup look(CacheKey key, long nanos) {
    @Nullable Slot slot = ground.index().find(key);
    @Nullable Resident resident = slot == null ? null : slot.resident;
    if (resident != null
        && resident.isServable(ground.time().millis(nanos))
        && resident.isSure(ground.current())
        && resident.hold()) {
      return hit(resident);
    }
    return ground.index().in(key, at -> look(at, true));
  }

  /** Looks a key up after its disk was asked: what is not in memory now is a miss. */
  Lookup lookPastDisk(CacheKey key) {
    return ground.index().in(key, at -> look(at, false));
  }

  /** Looks a key up as if no object were fresh. */
  Lookup confirm(CacheKey key) {
    return ground.index().in(key, at -> confirm(at, true));
  }

  private Lookup confirm(Slot slot, boolean askDisk) {
    long now = ground.time().millis();
    clean(slot, now);
    @Nullable Resident resident = slot.resident;
    if (resident == null && slot.filling == null && askDisk) {
      CacheKey key = slot.key();
      DiskTier.@Nullable Found found = onDisk(key);
      if (found != null) {
        Promoting reading = reading(slot, found);
        return new Lookup.OnDisk(() -> {
          reading.read();
          return ground.index().in(key, at -> confirm(at, false));
        });
      }
    }
    @Nullable Filling filling = slot.filling;
    return filling == null ? lead(slot, resident, now, true) : join(filling, null, now);
  }

  private Lookup look(Slot slot, boolean askDisk) {
    long now = ground.time().millis();
    clean(slot, now);
    @Nullable Resident resident = slot.resident;
    if (resident == null && slot.filling == null && askDisk) {
      DiskTier.@Nullable Found found = onDisk(slot.key());
      if (found != null) {
        return promote(slot, found);
      }
    }
    boolean sure = resident != null && resident.isSure(ground.current());
    if (resident != null && sure && resident.isServable(now) && resident.hold()) {
      return hit(resident);
    }
    @Nullable Filling filling = slot.filling;
    return filling == null ? lead(slot, resident, now, false) : join(filling, resident, now);
  }

  /** Takes out what may not be served any more. */
  private void clean(Slot slot, long now) {
    @Nullable Resident resident = slot.resident;
    Invalidations invalidations = ground.current();
    if (resident != null && !resident.isValid(invalidations)) {
      ground.counts().invalidated.increment();
      ground.memory().drop(slot);
      disks.forget(slot.key()); // the index of disks knows nothing of tags
    } else if (resident != null
        && resident.label().isError()
        && !(resident.isServable(now) && resident.isSure(invalidations))) {
      ground.memory().drop(slot); // an error that is over, or in doubt, is no stale object
      disks.forget(slot.key());
    }
    @Nullable Filling filling = slot.filling;
    if (filling != null && invalidations.kills(slot.key(), filling.since())) {
      slot.filling = null; // it goes on for those who joined before, and is not kept
    } else if (filling != null && silentTooLong(filling, now)) {
      slot.filling = null;
      filling.tellAbandoned();
    }
  }

  private boolean silentTooLong(Filling filling, long now) {
    return now - filling.begun() > ground.limits().leaderMax().toMillis();
  }

  private DiskTier.@Nullable Found onDisk(CacheKey key) {
    DiskTier.@Nullable Found found = disks.find(key);
    if (found != null && ground.current().kills(key, found.since())) {
      ground.counts().invalidated.increment();
      disks.forget(key);
      return null;
    }
    return found;
  }

  private Lookup promote(Slot slot, DiskTier.Found found) {
    return reading(slot, found).lookup();
  }

  private Promoting reading(Slot slot, DiskTier.Found found) {
    @Nullable Promoting reading = slot.promoting;
    if (reading == null) {
      reading = new Promoting(slot.key(), found, ground, this);
      slot.promoting = reading;
    }
    return reading;
  }

  private Lookup join(Filling filling, @Nullable Resident resident, long now) {
    if (resident != null
        && now < resident.label().life().backgroundUntil()
        && resident.isSure(ground.current())
        && resident.hold()) {
      return hit(resident); // RFC 5861, section 3: another is asking meanwhile
    }
    if (!filling.join(ground.limits().waitersMax())) {
      return CROWDED;
    }
    ground.counts().joins.increment();
    return new Lookup.Joined(filling);
  }

  /**
   * Makes the caller lead. A key that could not be kept, or that must be asked for each time, is
   * fetched by each request for itself (CloudFront: no collapsing then).
   */
  private Lookup lead(Slot slot, @Nullable Resident resident, long now, boolean confirming) {
    boolean marked = slot.isMarked(now);
    // One hold for the caller, one for the fill.
    boolean stale = resident != null && resident.hold();
    if (marked && !stale) {
      return MARKED;
    }
    if (resident == null || !stale) {
      Filling filling = begin(slot.key(), null, now, confirming);
      slot.filling = filling;
      return new Lookup.Miss(filling);
    }
    boolean held = resident.hold();
    assert held : "held once already";
    Filling filling = begin(slot.key(), resident, now, confirming);
    if (!marked && !resident.label().life().askEachTime()) {
      slot.filling = filling;
    }
    return new Lookup.Stale(resident, filling);
  }

  private Filling begin(CacheKey key, @Nullable Resident stale, long now, boolean confirming) {
    ground.counts().fills.increment();
    boolean background =
        !confirming
            && stale != null
            && now < stale.label().life().backgroundUntil()
            && stale.isSure(ground.current());
    return new Filling(
        new Filling.Start(key, stale, ground.current().now(), now, background, !confirming),
        settlement);
  }

  /** Notes that an object is of use. */
  void use(Resident resident) {
    if (resident.use()) {
      disks.askedAgain(resident);
    }
  }

  /** Returns an object that is held for whoever looked it up. */
  Lookup hit(Resident resident) {
    use(resident);
    ground.counts().hits.increment();
    return resident.hit();
  }
}
