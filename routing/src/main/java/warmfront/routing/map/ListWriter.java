package warmfront.routing.map;

import java.util.Arrays;
import warmfront.routing.latency.Ranges;

/** Writes the list of a block: the chosen location, then the others as they are near. */
final class ListWriter {
  /** Locations of a list; after them come geography's others. */
  private static final int SIZE_MAX = 8;

  private final Knowledge knowledge;
  private final Orders orders;
  private final Spill spill;
  private final ListBook book;
  private final Knowledge.Now now;
  private final RecentEstimates recent;
  private Estimates estimates;
  private final CandidateList.Maker maker = new CandidateList.Maker();
  private final boolean[] written = new boolean[Prefixes.WIDTH];
  private final boolean[] explored = new boolean[Prefixes.WIDTH];
  private final int[] others = new int[Prefixes.WIDTH];
  private final double[] promises = new double[Prefixes.WIDTH];

  ListWriter(
      Knowledge knowledge,
      Orders orders,
      Spill spill,
      ListBook book,
      Knowledge.Now now,
      RecentEstimates recent) {
    this.knowledge = knowledge;
    this.orders = orders;
    this.spill = spill;
    this.book = book;
    this.now = now;
    this.recent = recent;
    this.estimates = recent.ofNothing();
  }

  /**
   * Returns the number of a block's list.
   *
   * @param before the number of the list that its first unit has; it stays if it still does. {@link
   *     Ranges#NONE} if there is none
   */
  int write(Block block, int before) {
    CandidateList old = before == Ranges.NONE ? CandidateList.EMPTY : book.list(before);
    maker.begin();
    if (block.kind() == Block.Kind.RULED) {
      rule(block.rule());
    } else {
      estimate(block, old);
    }
    return maker.isNear(old) ? before : book.number(maker);
  }

  private void rule(int rule) {
    boolean avoided = orders.action(rule) == Rules.Action.FORBID;
    for (int i = 0; i < orders.size(rule); i++) {
      maker.add(orders.location(rule, i), CandidateList.STEP_MAX, false, false, avoided);
    }
    maker.end(orders.word(rule), 0);
  }

  private void estimate(Block block, CandidateList old) {
    int row = block.heaviest();
    estimates =
        row >= 0
            ? recent.of(row)
            : recent.of(
                Math.max(SlotTable.NONE, block.system()),
                block.place(),
                knowledge.prior().nearest(block.place()));
    int rule = block.rule();
    boolean prefers = rule >= 0 && orders.action(rule) == Rules.Action.PREFER;
    int chosen = block.chosen();
    int index = estimates.indexOf(chosen);
    double chosenLog = estimates.log(index < 0 ? estimates.best() : index);
    Arrays.fill(written, false);
    Arrays.fill(explored, false);
    for (int i = 0; prefers && i < orders.size(rule); i++) {
      first(orders.location(rule, i));
    }
    if (!maker.has(chosen)) {
      first(chosen);
    }
    int count = rankOthers(rule);
    int share = row >= 0 && !prefers ? explore(count, chosenLog, old) : 0;
    for (int i = 0; i < count; i++) {
      add(others[i], explored[others[i]]);
    }
    for (int i = 0; rule >= 0 && !prefers && i < orders.size(rule); i++) {
      maker.add(orders.location(rule, i), CandidateList.STEP_MAX, false, false, true);
    }
    maker.end(orders.word(rule), share == 0 ? 0 : share(row, share));
  }

  private void first(int location) {
    int at = estimates.indexOf(location);
    if (at >= 0) {
      written[at] = true;
      add(at, false);
    } else {
      maker.add(location, CandidateList.STEP_MAX, false, false, false);
    }
  }

  private void add(int at, boolean explored) {
    maker.add(
        estimates.location(at),
        CandidateList.stepOf(estimates.log(at)),
        explored,
        estimates.isMeasured(at),
        false);
  }

  /** Ranks those that are not written yet, nearest first; returns how many there is room for. */
  private int rankOthers(int rule) {
    int count = 0;
    for (int i = 0; i < estimates.count(); i++) {
      if (!written[i] && !orders.forbids(rule, estimates.location(i))) {
        int at = count++;
        while (at > 0 && estimates.log(others[at - 1]) > estimates.log(i)) {
          others[at] = others[at - 1];
          at--;
        }
        others[at] = i;
      }
    }
    return Math.min(count, Math.max(0, SIZE_MAX - maker.size()));
  }

  /** Says which of the others are explored; returns the share that the newest of them deserves. */
  private int explore(int count, double chosenLog, CandidateList old) {
    for (int i = 0; i < count; i++) {
      int location = estimates.location(others[i]);
      promises[i] =
          spill.isFull(location)
              ? Double.POSITIVE_INFINITY
              : Exploration.promise(estimates, others[i], chosenLog, was(old, location));
    }
    int share = 0;
    for (int left = Exploration.AT_ONCE; left > 0; left--) {
      int best = mostPromising(count);
      if (best == Ranges.NONE) {
        break;
      }
      promises[best] = Double.POSITIVE_INFINITY;
      explored[others[best]] = true;
      long age = knowledge.numbering().ageMillis(estimates.location(others[best]), now.millis());
      share = Math.max(share, Exploration.perMille(age, estimates.systemWeight(others[best])));
    }
    return share;
  }

  private int mostPromising(int count) {
    int best = Ranges.NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      if (promises[i] < least) {
        best = i;
        least = promises[i];
      }
    }
    return best;
  }

  private static boolean was(CandidateList old, int location) {
    int rank = old.rank(location);
    return rank >= 0 && old.isExplored(rank);
  }

  private int share(int row, int newest) {
    int ticks = now.tick() - knowledge.prefixes().first(row);
    int share = Math.max(newest, Exploration.perMille(Epoch.millis(ticks)));
    return Exploration.needed(share, knowledge.prefixes().samplesPerWindow(row, now.window()));
  }
}
