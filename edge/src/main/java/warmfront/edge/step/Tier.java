package warmfront.edge.step;

/**
 * As what a server is asked by another one. Each asks only what comes after it, so that no request
 * goes round in circles.
 */
public enum Tier {
  /** As the one of its own location that keeps the object. */
  LOCATION,
  /** As the regional cache of a location whose parent its own one is. */
  REGION,
  /** As the Origin Shield. */
  SHIELD
}
