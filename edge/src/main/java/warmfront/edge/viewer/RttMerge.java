package warmfront.edge.viewer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;

/** Puts together what the loops measured in one window. Belongs to one thread. */
final class RttMerge {
  private final Map<String, Map<Prefix, Measured>> byLocation = new HashMap<>();

  void add(Map<String, RttTable> tables) {
    tables.forEach((location, table) -> {
      Map<Prefix, Measured> rows = byLocation.computeIfAbsent(location, _ -> new HashMap<>());
      table.rows().forEach(row -> rows.merge(row.viewers(), row, Measured::with));
    });
  }

  /**
   * Returns the rows of each location, as many as a report has: those with the most samples. What
   * is left out is counted.
   */
  Map<String, List<Measured>> rows(Tally tally) {
    Map<String, List<Measured>> all = new HashMap<>();
    byLocation.forEach((location, rows) -> {
      List<Measured> most =
          rows.values().stream()
              .sorted(Comparator.comparingInt(Measured::samples).reversed())
              .toList();
      int kept = Math.min(most.size(), RttReport.ROWS_MAX);
      most.subList(kept, most.size()).forEach(row -> tally.leftOut(row.samples()));
      all.put(location, List.copyOf(most.subList(0, kept)));
    });
    return Map.copyOf(all);
  }
}
