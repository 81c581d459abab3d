package warmfront.control.publish;

import java.util.Map;

/**
 * What became of measurements and maps on the way between control and the servers that follow it.
 *
 * @param reportsTaken reports that were let in
 * @param reportsRefused reports that were not, by why
 * @param held the version of the map that each server has, by its id; 0 for none
 */
public record MapCounts(
    long reportsTaken, Map<String, Long> reportsRefused, Map<String, Long> held) {
  public MapCounts {
    reportsRefused = Map.copyOf(reportsRefused);
    held = Map.copyOf(held);
  }
}
