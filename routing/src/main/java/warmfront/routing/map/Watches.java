package warmfront.routing.map;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The editions of late, each watched. What was worse is held where it was for ten minutes. */
final class Watches {
  private static final long HELD_MILLIS = Duration.ofMinutes(10).toMillis();

  private final Prefixes prefixes;
  private final List<Watch> watches = new ArrayList<>();
  private long heldUntilMillis = Long.MIN_VALUE;
  private long rollbacks;

  Watches(Prefixes prefixes) {
    this.prefixes = prefixes;
  }

  void add(Watch watch) {
    if (watch.size() > 0) {
      watches.add(watch);
      for (int i = 0; i < watch.size(); i++) {
        prefixes.watch(watch.row(i), true);
      }
    }
  }

  /** Takes what was measured of a range that is watched. */
  void measured(int row, int location, Slot.Sample sample) {
    for (Watch watch : watches) {
      watch.measured(row, location, sample);
    }
  }

  /** Ends a window; gives ranges back to where they were if they fare worse. */
  void endWindow(Knowledge.Now now, Numbering numbering) {
    if (now.millis() >= heldUntilMillis) {
      release();
    }
    for (Iterator<Watch> all = watches.iterator(); all.hasNext(); ) {
      Watch watch = all.next();
      Watch.Outcome outcome = watch.endWindow();
      if (outcome == Watch.Outcome.WORSE) {
        takeBack(watch, numbering);
        heldUntilMillis = now.millis() + HELD_MILLIS;
        rollbacks++;
      }
      if (outcome != Watch.Outcome.WATCHING) {
        all.remove();
        leave(watch);
      }
    }
  }

  private void leave(Watch left) {
    for (int i = 0; i < left.size(); i++) {
      int row = left.row(i);
      if (watches.stream().noneMatch(watch -> watch.has(row))) {
        prefixes.watch(row, false);
      }
    }
  }

  private void takeBack(Watch watch, Numbering numbering) {
    for (int i = 0; i < watch.size(); i++) {
      int row = watch.row(i);
      // A row that was given to another range meanwhile is not watched.
      boolean own = prefixes.isWatched(row) && prefixes.given(row) == watch.to(i);
      if (own && numbering.isUsed(watch.from(i))) {
        prefixes.give(row, watch.from(i));
        prefixes.streak(row, 0);
        prefixes.hold(row, true);
      }
    }
  }

  private void release() {
    if (heldUntilMillis > Long.MIN_VALUE) {
      for (int row = 0; row < prefixes.table().end(); row++) {
        prefixes.hold(row, false);
      }
      heldUntilMillis = Long.MIN_VALUE;
    }
  }

  long rollbacks() {
    return rollbacks;
  }

  long heldUntilMillis() {
    return heldUntilMillis;
  }

  void heldUntilMillis(long millis) {
    heldUntilMillis = millis;
  }
}
