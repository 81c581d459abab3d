package warmfront.routing.map;

/**
 * What a map maker bears.
 *
 * @param prefixesMax most ranges of viewers that are remembered; those not seen for longest leave
 * @param systemsMax most autonomous systems that are remembered; beyond, ranges stand for
 *     themselves
 * @param reportsMax most reports of one server between two editions
 * @param samplesMax most samples of a row of a report that count
 */
public record MapLimits(int prefixesMax, int systemsMax, int reportsMax, int samplesMax) {
  /** More systems than the Internet's routing table has: 75,000. */
  public static final MapLimits DEFAULT = new MapLimits(1_000_000, 80_000, 2, 256);

  public MapLimits {
    if (prefixesMax < 1 || systemsMax < 1 || reportsMax < 1 || samplesMax < 1) {
      throw new IllegalArgumentException("limits of a map maker are above 0");
    }
  }
}
