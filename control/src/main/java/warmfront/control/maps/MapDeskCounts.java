package warmfront.control.maps;

import java.time.Instant;
import java.util.Map;

/**
 * How a control process does with latency maps.
 *
 * @param version the newest map's; 0 before the first
 * @param created when that was made, by its maker's clock
 * @param bytes the newest map and the changes that lead to it
 * @param making whether this process makes the maps
 * @param taken reports that came in here
 * @param lost reports that came in here and were lost, because too many waited
 * @param made editions that this process published
 * @param loadGbps what locations send to viewers, by code, in gigabits per second, where it is
 *     known; empty where no maps are made
 */
public record MapDeskCounts(
    long version,
    Instant created,
    long bytes,
    boolean making,
    long taken,
    long lost,
    long made,
    Map<String, Double> loadGbps) {
  public MapDeskCounts {
    loadGbps = Map.copyOf(loadGbps);
  }
}
