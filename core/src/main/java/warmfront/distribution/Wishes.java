package warmfront.distribution;

/**
 * What a distribution's owner asks of us that CloudFront has no setting for.
 *
 * @param strict whether an edge that may not know the latest changes asks the origin for every hit
 * @param redirects whether an edge sends a viewer who is better served elsewhere there, by HTTP
 * @param explores whether DNS may send few viewers to a location of which is yet to be learnt how
 *     far it is
 * @param asking what else origins are told
 */
public record Wishes(boolean strict, boolean redirects, boolean explores, Asking asking) {
  /** Nothing is asked. */
  public static final Wishes NONE = new Wishes(false, false, true);

  /**
   * How origins are asked, beyond CloudFront's settings.
   *
   * @param sortsQuery whether query strings are put in the order of their names, in the cache key
   *     and toward the origin
   * @param tellsHost whether the origin is told by which name the viewer asked, in
   *     X-Forwarded-Host; it is in the cache key then
   */
  public record Asking(boolean sortsQuery, boolean tellsHost) {
    /** As CloudFront does. */
    public static final Asking PLAIN = new Asking(false, false);
  }

  /** Wishes that ask nothing of how origins are asked. */
  public Wishes(boolean strict, boolean redirects, boolean explores) {
    this(strict, redirects, explores, Asking.PLAIN);
  }

  /** Returns these wishes with another way to ask origins. */
  public Wishes withAsking(Asking other) {
    return new Wishes(strict, redirects, explores, other);
  }

  /** Returns whether servers of the first release would obey all that is asked of routing. */
  boolean isOld() {
    return !redirects && explores;
  }
}
