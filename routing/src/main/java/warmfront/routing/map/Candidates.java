package warmfront.routing.map;

import java.util.Arrays;

/**
 * Which locations are thought of for a range: those measured best, those that its system measured
 * best, the nearest ones. Geography alone would not do: it is wrong about one range in eight.
 */
final class Candidates {
  /** So many places are left for what was not measured from the range. */
  private static final int MEASURED_MAX = 8;

  /** So many of the system's best. */
  private static final int SYSTEM_BEST = 6;

  private final Prefixes prefixes;
  private final Systems.Known system;
  private final Prior prior;
  private final long[] kept = new long[Prefixes.WIDTH];

  Candidates(Prefixes prefixes, Systems systems, Prior prior) {
    this.prefixes = prefixes;
    this.system = systems.new Known();
    this.prior = prior;
  }

  /** Chooses a range's candidates anew; what was measured of those that stay is kept. */
  void refresh(int row, double halfLives) {
    system.go(prefixes.system(row), halfLives);
    long[] page = prefixes.table().page(row);
    int first = prefixes.table().first(row);
    int count = keepMeasured(row, page, first, halfLives);
    int most = Math.min(Prefixes.WIDTH, count + SYSTEM_BEST);
    for (int rank = 0; rank < system.count() && count < most; rank++) {
      count = keep(system.location(rank), count);
    }
    for (int location : prior.nearest(prefixes.place(row))) {
      count = count < Prefixes.WIDTH ? keep(location, count) : count;
    }
    for (int i = 0; i < Prefixes.WIDTH; i++) {
      page[first + i] = i < count ? kept[i] : Slot.EMPTY;
    }
  }

  private int keepMeasured(int row, long[] page, int first, double halfLives) {
    int count = 0;
    for (int i = first; i < first + Prefixes.WIDTH; i++) {
      if (page[i] != Slot.EMPTY && Slot.weight(page[i], halfLives) >= Epoch.WEIGHT_MIN) {
        int at = count++;
        while (at > 0 && Slot.mean(kept[at - 1]) > Slot.mean(page[i])) {
          kept[at] = kept[at - 1];
          at--;
        }
        kept[at] = page[i];
      }
    }
    int given = prefixes.given(row);
    int own = given < 0 ? SlotTable.NONE : prefixes.table().slot(row, given);
    if (count > MEASURED_MAX) {
      count = MEASURED_MAX;
    }
    return own == SlotTable.NONE || has(given, count) ? count : keepOwn(page[own], count);
  }

  private int keepOwn(long slot, int count) {
    int at = Math.min(count, Prefixes.WIDTH - 1);
    kept[at] = slot;
    return at + 1;
  }

  private boolean has(int location, int count) {
    for (int i = 0; i < count; i++) {
      if (Slot.location(kept[i]) == location) {
        return true;
      }
    }
    return false;
  }

  private int keep(int location, int count) {
    if (has(location, count)) {
      return count;
    }
    kept[count] = Slot.of(location);
    return count + 1;
  }

  /** Makes room for a measured location in a range's slots; returns where, or none. */
  int room(int row, double mean, double halfLives) {
    long[] page = prefixes.table().page(row);
    int first = prefixes.table().first(row);
    int worst = SlotTable.NONE;
    double worstMean = mean;
    int unmeasured = SlotTable.NONE;
    for (int i = first; i < first + Prefixes.WIDTH; i++) {
      if (page[i] == Slot.EMPTY) {
        return i;
      }
      boolean given = Slot.location(page[i]) == prefixes.given(row);
      if (given) {
        continue;
      }
      if (Slot.weight(page[i], halfLives) < Epoch.WEIGHT_MIN) {
        unmeasured = i; // the last one: candidates stand best first
      } else if (Slot.mean(page[i]) > worstMean) {
        worst = i;
        worstMean = Slot.mean(page[i]);
      }
    }
    return unmeasured != SlotTable.NONE ? unmeasured : worst;
  }

  /** Forgets where it was, as after a change of what is known. */
  void leave() {
    system.leave();
    Arrays.fill(kept, Slot.EMPTY);
  }
}
