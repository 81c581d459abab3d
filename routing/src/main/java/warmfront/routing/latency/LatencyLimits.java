package warmfront.routing.latency;

/**
 * What a latency table may hold.
 *
 * @param rowsMax rows of a table
 * @param lineCharactersMax length of a line, in characters
 * @param millisMax the largest round-trip time that is believed, in milliseconds
 */
public record LatencyLimits(int rowsMax, int lineCharactersMax, double millisMax) {
  /** One million prefixes; 400 locations to a row; ten seconds. */
  public static final LatencyLimits DEFAULT = new LatencyLimits(1_000_000, 8192, 10_000);

  public LatencyLimits {
    if (rowsMax < 1 || lineCharactersMax < 1 || !(millisMax > 0)) {
      throw new IllegalArgumentException("limits of a latency table are above 0");
    }
  }
}
