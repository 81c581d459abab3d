package warmfront.distribution;

/**
 * What a distribution's owner asks of us that CloudFront has no setting for.
 *
 * @param strict whether an edge that may not know the latest changes asks the origin for every hit
 * @param redirects whether an edge sends a viewer who is better served elsewhere there, by HTTP
 * @param explores whether DNS may send few viewers to a location of which is yet to be learnt how
 *     far it is
 */
public record Wishes(boolean strict, boolean redirects, boolean explores) {
  /** Nothing is asked. */
  public static final Wishes NONE = new Wishes(false, false, true);

  /** Returns whether servers of the first release would obey all of it. */
  boolean isOld() {
    return !redirects && explores;
  }
}
