package warmfront.routing.map;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Location;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * Makes maps of what edges measured. One process of a fleet makes them; it takes all reports, and
 * is asked for an edition once a window, by the clock of whoever owns it. A window is what lies
 * between two calls of {@link #make}: what is to last for three windows lasts for three of them.
 *
 * <p>Thread-safe: all of it is guarded by the lock {@code making}; a call of {@link #make} holds it
 * for a second or two when a million ranges are known.
 */
public final class MapMaker implements MapSource {
  /**
   * An edition, for those who have nothing and for those who have the one before it.
   *
   * @param whole for anyone
   * @param change for the holder of the edition before; empty if too much has changed, or if there
   *     was none of this maker
   */
  public record Made(MapEdition whole, Optional<MapEdition> change) {}

  /** What an edition may move without a reason: a tenth of the viewers. */
  private static final double MOVED_SHARE_MAX = 0.1;

  /** Of so many ranges it is looked how they fare. */
  private static final int WELL_SAMPLE = 50_000;

  private final MapLimits limits;
  private final Clock clock;
  private final ReentrantLock making = new ReentrantLock();
  private Knowledge knowledge;
  private Intake intake;
  private Watches watches;
  private final Spill spill = new Spill();
  private final ListBook book = new ListBook();
  private Rules rules = Rules.NONE;
  private @Nullable LatencyMap newest;
  private @Nullable MapEdition change;
  private boolean moveFreely;
  private long floor;
  private long moved;
  private double nearShare = Double.NaN;

  /**
   * Makes a maker that has measured nothing yet.
   *
   * @param terrain what is known without measuring
   */
  public MapMaker(Terrain terrain, MapLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.knowledge = new Knowledge(terrain, limits, clock.millis());
    this.intake = new Intake(knowledge, limits);
    this.watches = new Watches(knowledge.prefixes());
  }

  /**
   * Takes what an edge measured; what is not credible is counted, not believed. Locations that no
   * call of {@link #make} has named yet are not known.
   */
  public void take(RttReport report) {
    making.lock();
    try {
      intake.take(report, knowledge.now(clock.millis()), watches);
    } finally {
      making.unlock();
    }
  }

  /**
   * Ends a window, and makes the next edition of what is known.
   *
   * @param locations of the fleet, all of them; one that is missing gets no viewers from now on
   * @param loadGbps what locations send at the moment, by code, as far as it is known: viewers of
   *     those that are nearly full are sent to the next ones
   * @return empty if nothing changed, or nothing is known yet
   */
  public Optional<Made> make(List<Location> locations, Map<String, Double> loadGbps) {
    making.lock();
    try {
      long millis = clock.millis();
      knowledge.rebase(millis);
      boolean topology = knowledge.use(locations, millis);
      Knowledge.Now now = knowledge.now(millis);
      watches.endWindow(now, knowledge.numbering());
      spill.hear(knowledge.numbering(), loadGbps);
      Optional<Made> made = make(now, topology);
      knowledge.prefixes().fade();
      knowledge.endWindow();
      intake.begin();
      moveFreely = false;
      return made;
    } finally {
      making.unlock();
    }
  }

  private Optional<Made> make(Knowledge.Now now, boolean topology) {
    Orders orders = new Orders(rules, knowledge.numbering());
    LatencyMap before = newest;
    Draft draft = new Draft(knowledge, orders, spill, book, now, before, topology);
    boolean free = topology || moveFreely;
    draft.write(free ? Double.POSITIVE_INFINITY : MOVED_SHARE_MAX * knowledge.prefixes().traffic());
    double gain = free ? 0 : leastGain(draft);
    if (gain > 0 || !draft.isWhole()) {
      draft.writeAgain(gain);
    }
    commit(draft);
    LatencyMap.Head head = head(now);
    if (before == null ? isNothing(draft) : isSame(before, draft, head)) {
      return Optional.empty();
    }
    LatencyMap made =
        LatencyMap.of(head, book.lists(), draft.ranges(Family.IPV4), draft.ranges(Family.IPV6));
    boolean worn = book.isWorn(used(made));
    if (worn) {
      made = renumbered(made);
    }
    newest = made;
    change = before == null || worn ? null : MapChange.between(before, made).orElse(null);
    return Optional.of(new Made(made.edition(), Optional.ofNullable(change)));
  }

  private LatencyMap.Head head(Knowledge.Now now) {
    long version = Math.max(floor, newest == null ? 0 : newest.head().version()) + 1;
    return new LatencyMap.Head(
        version, knowledge.numbering().topology(), now.millis(), knowledge.numbering().codes());
  }

  private static boolean isSame(LatencyMap before, Draft draft, LatencyMap.Head head) {
    return before.head().topology() == head.topology()
        && before.head().locations().equals(head.locations())
        && before.ranges(Family.IPV4).sameAs(draft.ranges(Family.IPV4))
        && before.ranges(Family.IPV6).sameAs(draft.ranges(Family.IPV6));
  }

  private static boolean isNothing(Draft draft) {
    return draft.ranges(Family.IPV4).sameAs(Ranges.none(Family.IPV4))
        && draft.ranges(Family.IPV6).sameAs(Ranges.none(Family.IPV6));
  }

  private static int used(LatencyMap map) {
    boolean[] used = new boolean[map.lists().size()];
    int count = 0;
    for (Family family : Family.values()) {
      Ranges ranges = map.ranges(family);
      for (int step = 0; step < ranges.steps(); step++) {
        int list = ranges.valueAt(step);
        if (list != Ranges.NONE && !used[list]) {
          used[list] = true;
          count++;
        }
      }
    }
    return count;
  }

  private LatencyMap renumbered(LatencyMap map) {
    book.clear();
    int[] numbers = new int[map.lists().size()];
    Arrays.fill(numbers, Ranges.NONE);
    Ranges ipv4 = map.ranges(Family.IPV4).map(list -> renumber(map, list, numbers));
    Ranges ipv6 = map.ranges(Family.IPV6).map(list -> renumber(map, list, numbers));
    return LatencyMap.of(map.head(), book.lists(), ipv4, ipv6);
  }

  private int renumber(LatencyMap map, int list, int[] numbers) {
    if (numbers[list] == Ranges.NONE) {
      numbers[list] = book.add(map.lists().get(list));
    }
    return numbers[list];
  }

  /** Returns what a range is to gain to move at once, so that not too many do; 0 if all may. */
  private double leastGain(Draft draft) {
    GainCurve curve = new GainCurve();
    Prefixes prefixes = knowledge.prefixes();
    for (int row = 0; row < prefixes.table().end(); row++) {
      if (prefixes.table().isUsed(row)) {
        curve.add(prefixes.traffic(row), draft.moves(row), draft.gain(row));
      }
    }
    return curve.leastGain(MOVED_SHARE_MAX);
  }

  private void commit(Draft draft) {
    Prefixes prefixes = knowledge.prefixes();
    Watch.Maker watch = new Watch.Maker();
    int stride = Math.max(1, prefixes.table().end() / WELL_SAMPLE);
    double all = 0;
    double well = 0;
    for (int row = 0; row < prefixes.table().end(); row++) {
      if (!prefixes.table().isUsed(row) || draft.next(row) < 0) {
        continue;
      }
      if (draft.moves(row)) {
        moved++;
        watch(row, draft, watch);
        prefixes.streak(row, 0);
      }
      prefixes.give(row, draft.next(row));
      if (row % stride == 0) {
        all += prefixes.traffic(row);
        well += draft.isWell(row) ? prefixes.traffic(row) : 0;
      }
    }
    nearShare = all > 0 ? well / all : Double.NaN;
    watches.add(watch.made());
  }

  /**
   * Watches a range that goes where it is thought to fare better, if it was measured how it fared:
   * one that goes along with its neighbours is known to fare a little worse at times.
   */
  private void watch(int row, Draft draft, Watch.Maker watch) {
    SlotTable table = knowledge.prefixes().table();
    int given = knowledge.prefixes().given(row);
    int at = table.slot(row, given);
    if (at != SlotTable.NONE && draft.isFor(row) && draft.isKnown(table.page(row)[at])) {
      watch.add(row, given, draft.next(row), table.page(row)[at]);
    }
  }

  /** Minds the operator's word from the next edition on; it may move any number of viewers. */
  public void obey(Rules next) {
    making.lock();
    try {
      rules = next;
      moveFreely = true;
    } finally {
      making.unlock();
    }
  }

  /** Has another knowledge of addresses from the next edition on, as after an update of tables. */
  public void use(Terrain next) {
    making.lock();
    try {
      knowledge.use(next);
    } finally {
      making.unlock();
    }
  }

  /** Numbers the next editions above a version, as when another process made maps before. */
  public void startAfter(long version) {
    making.lock();
    try {
      floor = Math.max(floor, version);
    } finally {
      making.unlock();
    }
  }

  @Override
  public Optional<MapEdition> since(long version) {
    making.lock();
    try {
      LatencyMap map = newest;
      if (map == null || map.head().version() == version) {
        return Optional.empty();
      }
      MapEdition last = change;
      return Optional.of(last != null && last.base() == version ? last : map.edition());
    } finally {
      making.unlock();
    }
  }

  @Override
  public long version() {
    making.lock();
    try {
      return newest == null ? 0 : newest.head().version();
    } finally {
      making.unlock();
    }
  }

  /** Returns the newest map; empty if there is none. */
  public Optional<LatencyMap> newest() {
    making.lock();
    try {
      return Optional.ofNullable(newest);
    } finally {
      making.unlock();
    }
  }

  /** Returns what was done. */
  public MapCounts counts() {
    making.lock();
    try {
      return new MapCounts(
          intake.taken(),
          intake.refused(),
          intake.rows(),
          intake.rowsTooFast(),
          knowledge.prefixes().table().size(),
          knowledge.systems().table().size(),
          knowledge.prefixes().evicted(),
          moved,
          watches.rollbacks(),
          nearShare,
          intake.elsewhereShare(),
          newest == null ? 0 : newest.head().version(),
          newest == null ? 0 : newest.head().createdMillis());
    } finally {
      making.unlock();
    }
  }

  /** Returns the bytes of memory that measurements take. */
  public long measurementBytes() {
    making.lock();
    try {
      return knowledge.bytes();
    } finally {
      making.unlock();
    }
  }

  /**
   * What is known of the times from a range to a location.
   *
   * @param location its code
   * @param millis the estimated round-trip time
   * @param samples what the range's own samples weigh by now; 0 if there are none
   */
  public record Known(String location, double millis, double samples) {}

  /** Returns what is known of a range that is measured, nearest first; empty if it never was. */
  public List<Known> known(Prefix viewers) {
    making.lock();
    try {
      int row = knowledge.prefixes().table().find(Prefixes.key(viewers));
      if (row == SlotTable.NONE) {
        return List.of();
      }
      Estimates estimates = new RecentEstimates(knowledge, knowledge.now(clock.millis())).of(row);
      List<String> codes = knowledge.numbering().codes();
      return IntStream.range(0, estimates.count())
          .mapToObj(i ->
              new Known(
                  codes.get(estimates.location(i)),
                  Exploration.millis(estimates.log(i)),
                  estimates.ownWeight(i)))
          .sorted(Comparator.comparingDouble(Known::millis))
          .toList();
    } finally {
      making.unlock();
    }
  }

  /**
   * Writes all that was learnt and the newest map, as {@link #restore} takes them.
   *
   * @throws IOException if it cannot be written
   */
  public void save(OutputStream out) throws IOException {
    making.lock();
    try {
      MapMemory.write(knowledge, watches, Optional.ofNullable(newest), out);
    } finally {
      making.unlock();
    }
  }

  /**
   * Knows from now on what {@link #save} wrote, in place of what it knew.
   *
   * @throws IOException if it is not that, or damaged; then all is as it was
   */
  public void restore(InputStream in) throws IOException {
    making.lock();
    try {
      MapMemory.Restored read = MapMemory.read(knowledge.terrain(), limits, clock.millis(), in);
      knowledge = read.knowledge();
      intake = new Intake(knowledge, limits);
      watches = new Watches(knowledge.prefixes());
      watches.heldUntilMillis(read.heldUntilMillis());
      newest = read.newest().orElse(null);
      change = null;
      book.clear();
      read.newest().ifPresent(map -> book.restore(map.lists()));
    } finally {
      making.unlock();
    }
  }
}
