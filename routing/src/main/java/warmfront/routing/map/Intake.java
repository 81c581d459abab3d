package warmfront.routing.map;

import java.util.HashMap;
import java.util.Map;
import warmfront.distribution.Location;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Measured;
import warmfront.rtt.RttReport;

/**
 * Takes reports into what is known. One edge must not be able to draw the world's viewers to its
 * location: it speaks for that location only, a row weighs so much at most, and a row that is
 * faster than light weighs next to nothing. A single such row may be true, as tables of places err;
 * a report of which a third is like that is not believed at all. Owned by the map maker.
 */
final class Intake {
  /** Tables name countries, which are wide: so far a range may be from where it is said to be. */
  private static final double SLACK_KM = 1500;

  private static final double MICROS_PER_MILLI = 1000;

  /** Fewer rows make no share. */
  private static final int SUSPICIOUS_ROWS_MIN = 20;

  private static final int SUSPICIOUS_SHARE = 3;

  /** What a row that is too fast weighs less. */
  private static final int TOO_FAST_SHARE = 8;

  private final Knowledge knowledge;
  private final MapLimits limits;
  private final Candidates candidates;
  private final Map<String, Integer> reportsOf = new HashMap<>();
  private long taken;
  private long refused;
  private long rows;
  private long rowsTooFast;
  private long samplesOfWindow;
  private long samplesElsewhere;
  private double elsewhereShare;

  Intake(Knowledge knowledge, MapLimits limits) {
    this.knowledge = knowledge;
    this.limits = limits;
    this.candidates = new Candidates(knowledge.prefixes(), knowledge.systems(), knowledge.prior());
  }

  /** Begins a window. */
  void begin() {
    reportsOf.clear();
    candidates.leave();
    elsewhereShare = samplesOfWindow > 0 ? samplesElsewhere / (double) samplesOfWindow : 0;
    samplesOfWindow = 0;
    samplesElsewhere = 0;
  }

  /** Takes a report; {@code watches} see what is measured of the ranges that were moved. */
  void take(RttReport report, Knowledge.Now now, Watches watches) {
    int location = knowledge.numbering().number(report.location());
    boolean tooMany = reportsOf.merge(report.serverId(), 1, Integer::sum) > limits.reportsMax();
    if (location < 0 || tooMany || isIncredible(report, location)) {
      refused++;
      return;
    }
    taken++;
    for (Measured row : report.rows()) {
      take(row, location, now, watches);
    }
  }

  private boolean isIncredible(RttReport report, int location) {
    int tooFast = 0;
    int placed = 0;
    for (Measured row : report.rows()) {
      double least = leastMicros(row, location);
      placed += least >= 0 ? 1 : 0;
      tooFast += Math.exp(row.meanLog()) < least ? 1 : 0;
    }
    return placed >= SUSPICIOUS_ROWS_MIN && tooFast * SUSPICIOUS_SHARE > placed;
  }

  /** Returns what light takes to where a range is; negative if nobody knows where that is. */
  private double leastMicros(Measured row, int location) {
    int place = knowledge.terrain().places(row.viewers().family()).value(row.viewers().bits());
    Location one = knowledge.numbering().location(location).orElseThrow();
    return place == Ranges.NONE
        ? -1
        : Numbering.leastMillis(
                Grid.middle(place), new Coordinates(one.latitude(), one.longitude()), SLACK_KM)
            * MICROS_PER_MILLI;
  }

  private void take(Measured row, int location, Knowledge.Now now, Watches watches) {
    rows++;
    int samples = Math.min(row.samples(), limits.samplesMax());
    if (Math.exp(row.meanLog()) < leastMicros(row, location)) {
      rowsTooFast++;
      samples = Math.max(1, samples / TOO_FAST_SHARE);
    }
    int prefix = knowledge.prefix(row.viewers(), now);
    Slot.Sample sample = new Slot.Sample(row.meanLog(), samples, row.squares() / row.samples());
    int given = knowledge.prefixes().given(prefix);
    samplesOfWindow += given < 0 ? 0 : samples;
    samplesElsewhere += given < 0 || given == location ? 0 : samples;
    int system = knowledge.prefixes().system(prefix);
    if (system != SlotTable.NONE) {
      knowledge.systems().add(system, location, sample, now.halfLives());
    }
    add(prefix, location, sample, now);
    if (knowledge.prefixes().isWatched(prefix)) {
      watches.measured(prefix, location, sample);
    }
  }

  private void add(int row, int location, Slot.Sample sample, Knowledge.Now now) {
    Prefixes prefixes = knowledge.prefixes();
    long[] page = prefixes.table().page(row);
    int at = prefixes.table().slot(row, location);
    if (at == SlotTable.NONE) {
      at = candidates.room(row, sample.mean(), now.halfLives());
      if (at != SlotTable.NONE) {
        page[at] = Slot.of(location);
      }
    }
    int first = prefixes.first(row);
    if (at != SlotTable.NONE) {
      long before = page[at];
      page[at] = Slot.with(before, sample, now.halfLives(), now.window());
      first = Slot.isShifted(before, page[at], now.halfLives()) ? now.tick() : first;
    }
    prefixes.met(row, first, now.tick());
    prefixes.traffic(row, (float) (prefixes.traffic(row) + sample.weight()));
  }

  long taken() {
    return taken;
  }

  long refused() {
    return refused;
  }

  long rows() {
    return rows;
  }

  /** Returns which share of the last window's samples was not where the map sends their ranges. */
  double elsewhereShare() {
    return elsewhereShare;
  }

  long rowsTooFast() {
    return rowsTooFast;
  }
}
