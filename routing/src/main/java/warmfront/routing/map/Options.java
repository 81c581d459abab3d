package warmfront.routing.map;

import warmfront.routing.latency.Ranges;

/**
 * Which candidates of a range may be chosen, and which of them are good enough. Owned by one
 * thread.
 */
final class Options {
  /**
   * What no viewer notices: so much longer a round trip is as good, in milliseconds and as a
   * factor.
   */
  private static final double NEAR_MILLIS = 2;

  static final double NEAR_FACTOR = 1.05;

  private final Orders orders;
  private final Spill spill;
  private final boolean[] allowed = new boolean[Prefixes.WIDTH];
  private Estimates estimates;
  private int rule;

  Options(Orders orders, Spill spill, Estimates none) {
    this.orders = orders;
    this.spill = spill;
    this.estimates = none;
  }

  /**
   * Says which candidates may be chosen at all. Viewers are somewhere already: by the map, by the
   * tables below it while it has nothing for them. They are sent elsewhere only where it is fairly
   * sure that they fare no worse: to find that out is what exploring is for.
   *
   * @param of there is at least one; it stays as it is while these options are asked
   * @param home the candidate where they are; negative if nobody knows
   */
  void begin(Estimates of, int ofRule, int home) {
    estimates = of;
    rule = ofRule;
    boolean stays = home >= 0 && !orders.forbids(rule, estimates.location(home));
    double bearable = stays ? farthest(home) : Double.POSITIVE_INFINITY;
    boolean any = false;
    for (int i = 0; i < estimates.count(); i++) {
      int location = estimates.location(i);
      boolean better = estimates.isMeasured(i) && estimates.upperBound(i) <= bearable;
      boolean open = !spill.isFull(location) && (!stays || better);
      allowed[i] = !orders.forbids(rule, location) && (open || i == home);
      any |= allowed[i];
    }
    for (int i = 0; !any && i < estimates.count(); i++) {
      allowed[i] = true;
    }
  }

  /**
   * Takes the best location from a range that it gives up.
   *
   * @param key of the range
   * @param noted whether to note what giving it up costs, for the next edition
   */
  void giveUp(long key, double traffic, boolean noted) {
    int best = Ranges.NONE;
    int second = Ranges.NONE;
    for (int i = 0; i < estimates.count(); i++) {
      if (best == Ranges.NONE || estimates.log(i) < estimates.log(best)) {
        second = best;
        best = i;
      } else if (second == Ranges.NONE || estimates.log(i) < estimates.log(second)) {
        second = i;
      }
    }
    if (second == Ranges.NONE) {
      return;
    }
    double regret =
        Exploration.millis(estimates.log(second)) - Exploration.millis(estimates.log(best));
    int location = estimates.location(best);
    if (noted) {
      spill.note(location, regret, traffic);
    }
    if (spill.givesUp(location, regret, key)) {
      takeAway(best);
    }
  }

  /** Allows all others that have room instead; if there are none, all stays as it is. */
  private void takeAway(int best) {
    boolean any = false;
    for (int i = 0; i < estimates.count(); i++) {
      any |= i != best && hasRoom(i);
    }
    for (int i = 0; any && i < estimates.count(); i++) {
      allowed[i] = i != best && hasRoom(i);
    }
  }

  private boolean hasRoom(int candidate) {
    int location = estimates.location(candidate);
    return !spill.isFull(location) && !orders.forbids(rule, location);
  }

  boolean isAllowed(int candidate) {
    return allowed[candidate];
  }

  /** Returns the candidate with the least estimate of those that may be chosen. */
  int best() {
    int best = Ranges.NONE;
    for (int i = 0; i < estimates.count(); i++) {
      if (allowed[i] && (best == Ranges.NONE || estimates.log(i) < estimates.log(best))) {
        best = i;
      }
    }
    return best == Ranges.NONE ? estimates.best() : best;
  }

  /** Returns whether no viewer would notice that a candidate is not the best one. */
  boolean isNear(int candidate, int best) {
    return estimates.log(candidate) <= farthest(best);
  }

  private double farthest(int best) {
    double millis = Exploration.millis(estimates.log(best));
    return estimates.log(best) + Math.log(Math.max(NEAR_FACTOR, (millis + NEAR_MILLIS) / millis));
  }

  /** Adds all locations that are good enough to a block. */
  void choose(Block into, double traffic, int given) {
    if (rule >= 0 && orders.action(rule) == Rules.Action.PREFER) {
      into.add(orders.location(rule, 0), 0, 0);
      return;
    }
    double farthest = farthest(best());
    for (int i = 0; i < estimates.count(); i++) {
      if (allowed[i] && estimates.log(i) - estimates.doubt(i) <= farthest) {
        int location = estimates.location(i);
        into.add(location, traffic * estimates.log(i), location == given ? traffic : 0);
      }
    }
  }
}
