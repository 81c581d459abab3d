package warmfront.control.maps;

import java.util.ArrayList;
import java.util.List;
import warmfront.rtt.RttReport;

/** Reports between the streams they came over and the next turn. Thread-safe; never waits. */
final class ReportQueue {
  private final int rowsMax;
  private List<RttReport> waiting = new ArrayList<>();
  private int rows;

  ReportQueue(int rowsMax) {
    this.rowsMax = rowsMax;
  }

  /** Takes a report; false if there is no room for its rows. One without any counts as one row. */
  synchronized boolean offer(RttReport report) {
    int own = Math.max(1, report.rows().size());
    if (rows + own > rowsMax) {
      return false;
    }
    rows += own;
    waiting.add(report);
    return true;
  }

  /** Returns what waits, in the order in which it came; nothing waits any more. */
  synchronized List<RttReport> drain() {
    List<RttReport> all = waiting;
    waiting = new ArrayList<>();
    rows = 0;
    return all;
  }
}
