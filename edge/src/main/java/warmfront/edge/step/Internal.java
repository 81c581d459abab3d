package warmfront.edge.step;

/**
 * Names of the fields that edges tell one another. They mean something on the port between edges
 * alone, and in the cache: what a viewer or an origin says under such a name goes no further.
 */
public final class Internal {
  /** What all of them begin with. */
  public static final String PREFIX = "Warmfront-";

  /**
   * What the asked edge's cache did, in the words of Cache-Status. An answer without it is not what
   * the edge would have told a viewer: it declines.
   */
  public static final String STATUS = PREFIX + "Cache-Status";

  /**
   * The origin's own entity tag of an object that the edge has compressed: kept with the object,
   * for the origin to confirm it by.
   */
  public static final String ETAG = PREFIX + "Origin-ETag";

  private Internal() {}

  /** Returns whether a field is one of them. */
  public static boolean is(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }
}
