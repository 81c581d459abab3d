package warmfront.control.api.wire;

/**
 * How large a document may be.
 *
 * @param depthMax elements inside one another; the deepest of the API's own needs 10
 * @param elementsMax elements in all; 3,000 invalidation paths fit well
 */
public record XmlLimits(int depthMax, int elementsMax) {
  /** What a server uses that is not told otherwise. */
  public static final XmlLimits DEFAULT = new XmlLimits(24, 50_000);

  public XmlLimits {
    if (depthMax < 1 || elementsMax < 1) {
      throw new IllegalArgumentException("limits begin at 1: " + depthMax + "," + elementsMax);
    }
  }
}
