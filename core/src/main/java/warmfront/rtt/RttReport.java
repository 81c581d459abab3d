package warmfront.rtt;

import java.util.List;

/**
 * What one edge server measured in one window.
 *
 * @param serverId the server's
 * @param location the code of its location
 * @param loadGbps what the server sent to viewers there, in gigabits per second, as a mean of the
 *     window: 0 to {@link #LOAD_GBPS_MAX}
 * @param rows a row for each range of viewers at most, {@link #ROWS_MAX} at most
 */
public record RttReport(String serverId, String location, double loadGbps, List<Measured> rows) {
  /** Most rows of a report; an edge that measured more ranges leaves out those with few samples. */
  public static final int ROWS_MAX = 20_000;

  /** More than any server sends: ten terabits per second. */
  public static final double LOAD_GBPS_MAX = 10_000;

  public RttReport {
    if (!(loadGbps >= 0 && loadGbps <= LOAD_GBPS_MAX)) {
      throw new IllegalArgumentException(
          "a load is 0 to %.0f Gbps: %s".formatted(LOAD_GBPS_MAX, loadGbps));
    }
    rows = List.copyOf(rows);
    if (rows.size() > ROWS_MAX) {
      throw new IllegalArgumentException(
          "a report has at most %d rows: %d".formatted(ROWS_MAX, rows.size()));
    }
  }
}
