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

  /** Takes a report; false if there is no room for its rows. */
  synchronized boolean offer(RttReport report) {
    if (report.rows().isEmpty() || rows + report.rows().size() > rowsMax) {
      return report.rows().isEmpty();
    }
    rows += report.rows().size();
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
