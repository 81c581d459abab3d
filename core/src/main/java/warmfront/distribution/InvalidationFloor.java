package warmfront.distribution;

/**
 * Objects of a distribution whose fetch began before a revision are stale: invalidations up to it
 * are no longer in the log, and nobody can tell any more which of these objects they named. Such an
 * object is not thrown away; the origin is asked whether it is still the same.
 *
 * @param id the distribution's id
 * @param revision the greatest revision of an invalidation that was dropped, 1 and up
 */
public record InvalidationFloor(String id, long revision) implements Resource {
  public InvalidationFloor {
    if (revision < 1) {
      throw new IllegalArgumentException("a revision is 1 or above: " + revision);
    }
  }
}
