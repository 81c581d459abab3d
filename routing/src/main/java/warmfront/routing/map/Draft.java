package warmfront.routing.map;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Rendezvous;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;

/**
 * An edition in the making: goes through all ranges in the order of their addresses, says which
 * locations are good enough for each, and joins neighbours. Owned by one thread.
 */
final class Draft {
  /** A range moves when another location was better in so many windows. */
  private static final int STREAK = 3;

  /** A range without viewers of late counts a little, or a map of such would choose by chance. */
  private static final double TRAFFIC_MIN = 1e-3;

  /** Each range's candidates are chosen anew once in so many windows. */
  private static final int REFRESHED = 8;

  private static final double WITHIN_MILLIS = 5;

  private static final double KNOWN_WEIGHT = 4;

  private static final double GAIN_CHANCE = 0x1p-8;

  /** The system of a segment's ranges was not looked up yet. */
  private static final int NOT_ASKED = -2;

  private final Knowledge knowledge;
  private final Orders orders;
  private final Knowledge.Now now;
  private final @Nullable LatencyMap before;
  private final boolean moved;
  private final RecentEstimates recent;
  private final Options options;
  private final Ahead ahead;
  private final Candidates candidates;
  private final ListWriter writer;
  private final Block block = new Block();
  private final Block leftOver = new Block();
  private Segment leftOverOf = new Segment(0, 0, Block.NO_RULE, Ranges.NONE);
  private final Map<Family, int[]> ordered = new EnumMap<>(Family.class);
  private final Map<Family, Ranges> ranges = new EnumMap<>(Family.class);
  private final short[] next;
  private final float[] bestLogs;
  private final float[] givenLogs;
  private boolean settling = true;
  private double movingMax;
  private double sureToMove;
  private double leastGain;

  /**
   * Begins.
   *
   * @param before the newest map, whose lists are kept where they still do
   * @param moved whether locations came or went since
   */
  Draft(
      Knowledge knowledge,
      Orders orders,
      Spill spill,
      ListBook book,
      Knowledge.Now now,
      @Nullable LatencyMap before,
      boolean moved) {
    this.knowledge = knowledge;
    this.orders = orders;
    this.now = now;
    this.before = before;
    this.moved = moved;
    Prefixes prefixes = knowledge.prefixes();
    recent = new RecentEstimates(knowledge, now);
    options = new Options(orders, spill, recent.ofNothing());
    ahead = new Ahead(prefixes, book);
    candidates = new Candidates(prefixes, knowledge.systems(), knowledge.prior());
    writer = new ListWriter(knowledge, orders, spill, book, now, recent);
    next = new short[prefixes.table().end()];
    bestLogs = new float[next.length];
    givenLogs = new float[next.length];
    for (Family family : Family.values()) {
      ordered.put(family, prefixes.ordered(family));
    }
  }

  /**
   * Writes both families, and settles for how long what has been better.
   *
   * @param most traffic that may move: when more is sure to, this is to be written again, and lists
   *     are left out
   */
  void write(double most) {
    movingMax = most;
    for (Family family : Family.values()) {
      write(family);
    }
    settling = false;
  }

  /** Returns whether all lists were written. */
  boolean isWhole() {
    return sureToMove <= movingMax;
  }

  /** Writes both families again, with only those moving that gain so much, as a logarithm. */
  void writeAgain(double gain) {
    leastGain = gain;
    write(Double.POSITIVE_INFINITY);
  }

  Ranges ranges(Family family) {
    return ranges.getOrDefault(family, Ranges.none(family));
  }

  int[] ordered(Family family) {
    return ordered.getOrDefault(family, new int[0]);
  }

  /** Returns the location that a range is given now; negative if none. */
  int next(int row) {
    return next[row] - 1;
  }

  /** Returns whether a range is given another location than it had. */
  boolean moves(int row) {
    int given = knowledge.prefixes().given(row);
    return given >= 0 && next(row) >= 0 && next(row) != given;
  }

  /**
   * Returns what a range gains by going where it is best, as a logarithm; with a little chance, so
   * that of many that gain the same some can be told from others.
   */
  double gain(int row) {
    double chance = (Rendezvous.mix(row) >>> 11) * 0x1p-53;
    return Math.max(0, givenLogs[row] - bestLogs[row]) + chance * GAIN_CHANCE;
  }

  /** Returns whether a range moves for its own good. */
  boolean isFor(int row) {
    return givenLogs[row] - bestLogs[row] > Math.log(Options.NEAR_FACTOR);
  }

  /** Returns whether enough was measured to compare with. */
  boolean isKnown(long slot) {
    return Slot.weight(slot, now.halfLives()) >= KNOWN_WEIGHT;
  }

  private void write(Family family) {
    int[] rows = ordered(family);
    Ranges rules = orders.ranges(family);
    Ranges systems = knowledge.terrain().systems(family);
    Ranges.Maker maker = new Ranges.Maker(family);
    Past past = new Past(family);
    Blocks blocks =
        new Blocks(wide -> {
          int list = list(wide, past, rows);
          maker.until(wide.start() + (1L << wide.bits()), list);
        });
    int rule = 0;
    int system = 0;
    int at = 0;
    long start = 0;
    while (start < family.units()) {
      long end = Math.min(rules.end(rule), systems.end(system));
      at =
          segment(
              family,
              new Segment(start, end, rules.valueAt(rule), systems.valueAt(system)),
              at,
              blocks);
      rule += rules.end(rule) == end ? 1 : 0;
      system += systems.end(system) == end ? 1 : 0;
      start = end;
    }
    blocks.flush();
    ranges.put(family, maker.made());
  }

  private record Segment(long start, long end, int rule, int system) {}

  /** Adds the units of a segment; returns the first row that reaches beyond it. */
  private int segment(Family family, Segment segment, int from, Blocks blocks) {
    int[] rows = ordered(family);
    int span = family.unitLength() - family.measuredLength();
    int at = from;
    int system = segment.system() == Ranges.NONE ? SlotTable.NONE : NOT_ASKED;
    long reached = segment.start();
    boolean pinned = segment.rule() >= 0 && orders.action(segment.rule()) == Rules.Action.PIN;
    while (at < rows.length) {
      if (at % Ahead.MANY == 0) {
        ahead.read(rows, at);
      }
      long first = family.unitOf(Prefixes.bits(knowledge.prefixes().table().key(rows[at])));
      if (first >= segment.end()) {
        break;
      }
      long start = Math.max(first, segment.start());
      long end = Math.min(first + (1L << span), segment.end());
      if (start > reached) {
        blocks.add(reached, start, leftOver(family, segment, system));
      }
      if (pinned) {
        next[rows[at]] = (short) (orders.location(segment.rule(), 0) + 1);
        block.begin(Block.Kind.RULED, segment.rule(), Block.MIXED, Ranges.NONE);
      } else {
        accept(rows[at], at, segment.rule());
      }
      blocks.add(start, end, block);
      reached = end;
      if (system == NOT_ASKED && first >= segment.start()) {
        system = knowledge.prefixes().system(rows[at]);
      }
      if (first + (1L << span) > segment.end()) {
        return at; // what reaches into the next segment is looked at there again
      }
      at++;
    }
    if (reached < segment.end()) {
      blocks.add(reached, segment.end(), leftOver(family, segment, system));
    }
    return at;
  }

  /**
   * Describes units of a segment of which none was measured.
   *
   * @param system its row, as measured ranges of the segment have it, or {@link #NOT_ASKED}
   */
  private Block leftOver(Family family, Segment segment, int system) {
    if (leftOverOf.equals(segment)) {
      return leftOver;
    }
    leftOverOf = segment;
    int rule = segment.rule();
    int row = system == NOT_ASKED ? knowledge.systems().table().find(segment.system()) : system;
    if (rule >= 0 && (row == SlotTable.NONE || orders.action(rule) == Rules.Action.PIN)) {
      leftOver.begin(Block.Kind.RULED, rule, Block.MIXED, Ranges.NONE);
    } else if (row == SlotTable.NONE) {
      leftOver.begin(Block.Kind.UNKNOWN, Block.NO_RULE, Block.MIXED, Ranges.NONE);
    } else {
      int place = knowledge.terrain().places(family).value(family.bitsOf(segment.start()));
      leftOver.begin(Block.Kind.LEFT_OVER, rule, row, place);
      Estimates estimates = recent.of(row, place, knowledge.prior().nearest(place));
      options.begin(estimates, rule, estimates.nearest());
      options.choose(leftOver, TRAFFIC_MIN, Prefixes.NOWHERE);
    }
    return leftOver;
  }

  /** Describes a measured range. */
  private void accept(int row, int order, int rule) {
    Prefixes prefixes = knowledge.prefixes();
    long[] page = prefixes.table().page(row);
    int last = prefixes.table().first(row) + Prefixes.WIDTH - 1;
    boolean due = (row + now.window()) % REFRESHED == 0 || page[last] == Slot.EMPTY;
    if (settling && (moved || due)) {
      candidates.refresh(row, now.halfLives());
      recent.forget(row);
    }
    Estimates estimates = recent.of(row);
    if (estimates.count() == 0) {
      block.begin(Block.Kind.UNKNOWN, rule, Block.MIXED, Ranges.NONE);
      return;
    }
    double traffic = prefixes.traffic(row) + TRAFFIC_MIN;
    int given = prefixes.given(row);
    block.begin(Block.Kind.MEASURED, rule, prefixes.system(row), prefixes.place(row));
    block.of(row, (float) traffic, order);
    int index = estimates.indexOf(given);
    int home = index < 0 ? estimates.mostMeasured() : index;
    if (home >= 0 && isCurious(row, estimates, home)) {
      block.wonder();
    }
    options.begin(estimates, rule, home);
    options.giveUp(prefixes.table().key(row), traffic, settling);
    int best = options.best();
    bestLogs[row] = (float) estimates.log(best);
    givenLogs[row] = index < 0 ? 0 : (float) estimates.log(index);
    boolean mayStay = given >= 0 && index >= 0 && options.isAllowed(index);
    if (mayStay && stays(row, options.isNear(index, best))) {
      block.add(given, traffic * estimates.log(index), traffic);
    } else {
      options.choose(block, traffic, given);
      sureToMove += given < 0 || block.has(given) ? 0 : prefixes.traffic(row);
    }
  }

  /** Returns whether a location that is still new to a range may be much better. */
  private boolean isCurious(int row, Estimates estimates, int home) {
    long age = Epoch.millis(now.tick() - knowledge.prefixes().first(row));
    boolean young = Exploration.isNew(Exploration.perMille(age));
    double log = estimates.log(home);
    for (int i = 0; i < estimates.count(); i++) {
      if (i != home && estimates.lowerBound(i) < log - Exploration.PROMISING) {
        long since = knowledge.numbering().ageMillis(estimates.location(i), now.millis());
        int share = Exploration.perMille(since, estimates.systemWeight(i));
        if ((young || Exploration.isNew(share))
            && Exploration.promise(estimates, i, log, false) < log) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isFrozen(int row) {
    return leastGain > 0 && gain(row) < leastGain;
  }

  /**
   * Returns whether a range keeps what it has, and nothing else will do.
   *
   * @param near whether that is as good as the best
   */
  private boolean stays(int row, boolean near) {
    Prefixes prefixes = knowledge.prefixes();
    if (settling) {
      prefixes.streak(row, near ? 0 : prefixes.streak(row) + 1);
    }
    return prefixes.isHeld(row) || isFrozen(row) || (!near && prefixes.streak(row) < STREAK);
  }

  /** The newest map, walked through beside the one in the making. */
  private final class Past {
    private final Ranges ranges;
    private int step;
    private int read;

    private Past(Family family) {
      this.ranges = before == null ? Ranges.none(family) : before.ranges(family);
    }

    /** Returns the number of the list that a unit has; units are asked for in ascending order. */
    int at(long unit) {
      while (ranges.end(step) <= unit) {
        step++;
      }
      if (step >= read) {
        ahead.read(ranges, step);
        read = step + Ahead.MANY;
      }
      return ranges.valueAt(step);
    }
  }

  private int list(Block wide, Past past, int[] rows) {
    if (wide.kind() == Block.Kind.UNKNOWN) {
      return Ranges.NONE;
    }
    if (wide.kind() == Block.Kind.MEASURED) {
      int chosen = wide.chosen();
      for (int i = wide.from(); i < wide.until(); i++) {
        next[rows[i]] = (short) (chosen + 1);
      }
    }
    return isWhole() ? writer.write(wide, past.at(wide.start())) : Ranges.NONE;
  }

  /** Returns whether a range is given a location within 5 ms of its best one. */
  boolean isWell(int row) {
    Estimates estimates = recent.of(row);
    int index = estimates.indexOf(next(row));
    return index >= 0
        && Exploration.millis(estimates.log(index))
            <= Exploration.millis(estimates.log(estimates.best())) + WITHIN_MILLIS;
  }
}
