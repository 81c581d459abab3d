package warmfront.routing.map;

import java.util.Arrays;
import java.util.Optional;
import warmfront.routing.latency.Ranges;

/** Writes the list of a block: the chosen location, then the others as they are near. */
final class ListWriter {
  /** Locations of a list; after them come geography's others. */
  private static final int SIZE_MAX = 8;

  private final Knowledge knowledge;
  private final Orders orders;
  private final Spill spill;
  private final Knowledge.Now now;
  private final Estimates estimates;
  private final CandidateList.Maker maker = new CandidateList.Maker();
  private final boolean[] written = new boolean[Prefixes.WIDTH];

  ListWriter(Knowledge knowledge, Orders orders, Spill spill, Knowledge.Now now) {
    this.knowledge = knowledge;
    this.orders = orders;
    this.spill = spill;
    this.now = now;
    this.estimates = new Estimates(knowledge.prefixes(), knowledge.systems(), knowledge.prior());
  }

  /** Returns a block's list, and whether {@code old} would do as well. */
  CandidateList write(Block block, Optional<CandidateList> old) {
    CandidateList fresh =
        block.kind() == Block.Kind.RULED ? ruled(block.rule()) : estimated(block, old);
    return old.filter(before -> ListBook.isNear(before, fresh)).orElse(fresh);
  }

  private CandidateList ruled(int rule) {
    boolean avoided = orders.action(rule) == Rules.Action.FORBID;
    for (int i = 0; i < orders.size(rule); i++) {
      maker.add(orders.location(rule, i), CandidateList.STEP_MAX, false, false, avoided);
    }
    return maker.made(orders.word(rule), 0);
  }

  private CandidateList estimated(Block block, Optional<CandidateList> old) {
    int row = block.heaviest();
    if (row >= 0) {
      estimates.go(row, now.halfLives());
    } else {
      estimates.go(
          Math.max(SlotTable.NONE, block.system()),
          block.place(),
          knowledge.prior().nearest(block.place()),
          now.halfLives());
    }
    int rule = block.rule();
    boolean prefers = rule >= 0 && orders.action(rule) == Rules.Action.PREFER;
    int chosen = block.chosen();
    int index = estimates.indexOf(chosen);
    double chosenLog = estimates.log(index < 0 ? estimates.best() : index);
    Arrays.fill(written, false);
    for (int i = 0; prefers && i < orders.size(rule); i++) {
      first(orders.location(rule, i));
    }
    if (!maker.has(chosen)) {
      first(chosen);
    }
    boolean explores = row >= 0 && !prefers;
    int share = others(rule, chosenLog, explores, old);
    for (int i = 0; rule >= 0 && !prefers && i < orders.size(rule); i++) {
      maker.add(orders.location(rule, i), CandidateList.STEP_MAX, false, false, true);
    }
    return maker.made(orders.word(rule), share == 0 ? 0 : Math.max(share, share(row)));
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

  /** Adds the others, nearest first; returns the share that the newest of them deserves. */
  private int others(int rule, double chosenLog, boolean explores, Optional<CandidateList> old) {
    int share = 0;
    while (maker.size() < SIZE_MAX) {
      int next = Ranges.NONE;
      for (int i = 0; i < estimates.count(); i++) {
        boolean free = !written[i] && !orders.forbids(rule, estimates.location(i));
        if (free && (next == Ranges.NONE || estimates.log(i) < estimates.log(next))) {
          next = i;
        }
      }
      if (next == Ranges.NONE) {
        break;
      }
      written[next] = true;
      int location = estimates.location(next);
      boolean explored =
          explores
              && !spill.isFull(location)
              && Exploration.isWorthIt(estimates, next, chosenLog, was(old, location));
      add(next, explored);
      if (explored) {
        long age = knowledge.numbering().ageMillis(location, now.millis());
        share = Math.max(share, Exploration.perMille(age, estimates.systemWeight(next)));
      }
    }
    return share;
  }

  private static boolean was(Optional<CandidateList> old, int location) {
    if (old.isEmpty()) {
      return false;
    }
    int rank = ListBook.rank(old.get(), location);
    return rank >= 0 && old.get().isExplored(rank);
  }

  private int share(int row) {
    int ticks = now.tick() - knowledge.prefixes().first(row);
    return Exploration.perMille(Epoch.millis(ticks));
  }
}
