package warmfront.rtt;

import java.util.List;

/**
 * What one edge server measured in one window.
 *
 * @param serverId the server's
 * @param location the code of its location
 * @param rows a row for each range of viewers at most, {@link #ROWS_MAX} at most
 */
public record RttReport(String serverId, String location, List<Measured> rows) {
  /** Most rows of a report; an edge that measured more ranges leaves out those with few samples. */
  public static final int ROWS_MAX = 20_000;

  public RttReport {
    rows = List.copyOf(rows);
    if (rows.size() > ROWS_MAX) {
      throw new IllegalArgumentException(
          "a report has at most %d rows: %d".formatted(ROWS_MAX, rows.size()));
    }
  }
}
