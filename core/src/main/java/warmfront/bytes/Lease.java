package warmfront.bytes;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A run of a region's units that is handed out. Given back once, by whoever releases the last pin.
 * Thread-safe.
 */
final class Lease implements Runnable {
  private final Region region;
  private final int at;
  private final int units;
  private final AtomicLong used;

  /** Whether a kernel was given its pages to send; set while it is pinned. */
  private volatile boolean lent;

  Lease(Region region, int at, int units, AtomicLong used) {
    this.region = region;
    this.at = at;
    this.units = units;
    this.used = used;
  }

  /** Lends it; false if its pages cannot be renewed, or are not its own. */
  boolean lend() {
    if (!region.lends() || units * Region.UNIT < Region.PAGES_FROM) {
      return false;
    }
    if (!lent) {
      lent = true;
    }
    return true;
  }

  @Override
  public void run() {
    if (lent && !region.renew(at, units)) {
      return; // lost: writing to it would change what viewers are being sent
    }
    region.giveBack(at, units);
    used.addAndGet(-(long) units * Region.UNIT);
  }
}
