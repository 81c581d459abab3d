package warmfront.routing.map;

/**
 * The estimates of the ranges that were looked at last: the list of a range that stays alone is
 * written soon after. Nothing of what estimates are made of may change meanwhile. Owned by one
 * thread.
 */
final class RecentEstimates {
  private static final int KEPT = 8;

  private final Estimates[] kept = new Estimates[KEPT];
  private final int[] rows = new int[KEPT];
  private final Estimates unmeasured;
  private final double halfLives;
  private int oldest;

  RecentEstimates(Knowledge knowledge, Knowledge.Now now) {
    halfLives = now.halfLives();
    Systems.Known system = knowledge.systems().new Known();
    Prior.From place = knowledge.prior().from();
    for (int i = 0; i < KEPT; i++) {
      kept[i] = new Estimates(knowledge.prefixes(), system, place);
      rows[i] = SlotTable.NONE;
    }
    unmeasured = new Estimates(knowledge.prefixes(), system, place);
  }

  /** Returns the estimates of a range, good until some others were asked for. */
  Estimates of(int row) {
    for (int i = 0; i < KEPT; i++) {
      if (rows[i] == row) {
        return kept[i];
      }
    }
    Estimates made = kept[oldest];
    rows[oldest] = row;
    oldest = (oldest + 1) % KEPT;
    made.go(row, halfLives);
    return made;
  }

  /** Returns estimates of nothing. */
  Estimates ofNothing() {
    return unmeasured;
  }

  /** Forgets a range of which something has changed. */
  void forget(int row) {
    for (int i = 0; i < KEPT; i++) {
      rows[i] = rows[i] == row ? SlotTable.NONE : rows[i];
    }
  }

  /** Returns the estimates for ranges of a system at a place, good until the next are asked for. */
  Estimates of(int system, int place, int[] candidates) {
    unmeasured.go(system, place, candidates, halfLives);
    return unmeasured;
  }
}
