package warmfront.routing.latency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Measured round-trip times from ranges of viewers to locations, as an operator gives them.
 *
 * <p>The file is text, one row to a line: a prefix, then {@code LOCATION=MILLISECONDS} for one or
 * more locations, separated by commas. Empty lines and lines that begin with {@code #} say nothing.
 *
 * <pre>
 * # viewers       round-trip times
 * 192.0.2.0/24,FRA=8.5,CMH=98
 * 2001:db8::/32,NRT=4,SYD=104
 * </pre>
 *
 * <p>A prefix is at most a /24 or a /56. Where prefixes lie within one another the longest counts,
 * whole: times of the others are not mixed in. Immutable.
 */
public final class LatencyTable {
  /**
   * A row.
   *
   * @param prefix the viewers
   * @param millis round-trip time by location, in milliseconds
   */
  public record Row(Prefix prefix, SortedMap<String, Double> millis) {}

  /** What came of reading a table. */
  public sealed interface Read {
    /** It is well-formed. */
    record Loaded(LatencyTable table) implements Read {}

    /**
     * It is not; nothing of it is to be used.
     *
     * @param line the line's number, from 1
     * @param reason what is wrong with it
     */
    record Malformed(int line, String reason) implements Read {}
  }

  /** The table without a row. */
  public static final LatencyTable EMPTY = new LatencyTable(List.of());

  private final List<Row> rows;
  private final Ranges ranges4;
  private final Ranges ranges6;

  private LatencyTable(List<Row> rows) {
    this.rows = rows;
    this.ranges4 = of(Family.IPV4, rows);
    this.ranges6 = of(Family.IPV6, rows);
  }

  private static Ranges of(Family family, List<Row> rows) {
    List<Ranges.Row> own = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).prefix().family() == family) {
        own.add(new Ranges.Row(rows.get(i).prefix(), i));
      }
    }
    return Ranges.of(family, own);
  }

  /**
   * Reads a table.
   *
   * @throws IOException if the reader fails; a malformed table is a value
   */
  public static Read read(Reader from, LatencyLimits limits) throws IOException {
    BufferedReader lines = new BufferedReader(from);
    List<Row> rows = new ArrayList<>();
    Set<Prefix> seen = new HashSet<>();
    Map<String, String> names = new HashMap<>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.length() > limits.lineCharactersMax()) {
        return new Read.Malformed(
            number, "a line has at most " + limits.lineCharactersMax() + " characters");
      }
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        Row row = row(line, limits, names);
        if (!seen.add(row.prefix())) {
          return new Read.Malformed(number, "a second row for " + row.prefix());
        }
        rows.add(row);
      } catch (IllegalArgumentException malformed) {
        return new Read.Malformed(number, String.valueOf(malformed.getMessage()));
      }
      if (rows.size() > limits.rowsMax()) {
        return new Read.Malformed(number, "a table has at most " + limits.rowsMax() + " rows");
      }
    }
    return new Read.Loaded(new LatencyTable(List.copyOf(rows)));
  }

  private static Row row(String line, LatencyLimits limits, Map<String, String> names) {
    String[] parts = line.split(",", -1);
    Prefix prefix = Prefix.parse(parts[0].strip());
    if (prefix.length() > prefix.family().unitLength()) {
      throw new IllegalArgumentException(
          "a prefix is at most a /%d: %s".formatted(prefix.family().unitLength(), prefix));
    }
    if (parts.length < 2) {
      throw new IllegalArgumentException("no LOCATION=MILLISECONDS for " + prefix);
    }
    SortedMap<String, Double> millis = new TreeMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].strip().split("=", -1);
      if (pair.length != 2 || !pair[0].matches("[A-Z]{3}") || !isMillis(pair[1], limits)) {
        throw new IllegalArgumentException(
            "not LOCATION=MILLISECONDS, three capital letters and a number from 0 to %s: %s"
                .formatted(limits.millisMax(), parts[i]));
      }
      String name = names.computeIfAbsent(pair[0], own -> own);
      if (millis.put(name, Double.valueOf(pair[1])) != null) {
        throw new IllegalArgumentException("a second time for " + name + " in " + prefix);
      }
    }
    return new Row(prefix, Collections.unmodifiableSortedMap(millis));
  }

  private static boolean isMillis(String text, LatencyLimits limits) {
    return text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
        && Double.parseDouble(text) <= limits.millisMax();
  }

  /** Returns the rows in the order of the file; a value of {@link #ranges} is an index into it. */
  public List<Row> rows() {
    return rows;
  }

  /** Returns which row counts for which unit. */
  public Ranges ranges(Family family) {
    return family == Family.IPV4 ? ranges4 : ranges6;
  }
}
