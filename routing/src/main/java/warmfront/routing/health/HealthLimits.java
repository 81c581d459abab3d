package warmfront.routing.health;

import java.time.Duration;

/**
 * When a server is held for dead, and when that is not believed.
 *
 * @param silence a server not heard for this long is out; also how long after the start all that
 *     were not heard yet are hoped for
 * @param deadShareMax if more than this share of locations looks dead, it is rather our own ears:
 *     health is ignored and the table alone decides
 * @param deadShareFrom how many locations there must be for the share to count; among fewer, health
 *     is ignored only if all look dead
 * @param freshShareMin locations that may not know the latest changes are passed over while at
 *     least this share of those that serve does know them; within a location it is the share of its
 *     servers' weight
 * @param serversMax how many servers are listened to
 */
public record HealthLimits(
    Duration silence,
    double deadShareMax,
    int deadShareFrom,
    double freshShareMin,
    int serversMax) {
  /** Three missed heartbeats of one second; 60 % of ten or more locations; half of them fresh. */
  public static final HealthLimits DEFAULT =
      new HealthLimits(Duration.ofSeconds(3), 0.6, 10, 0.5, 20_000);

  public HealthLimits {
    if (silence.isNegative() || silence.isZero()) {
      throw new IllegalArgumentException("silence must be above 0: " + silence);
    }
    if (!(deadShareMax > 0 && deadShareMax <= 1)) {
      throw new IllegalArgumentException("deadShareMax is above 0, at most 1: " + deadShareMax);
    }
    if (!(freshShareMin >= 0 && freshShareMin <= 1)) {
      throw new IllegalArgumentException("freshShareMin is 0 to 1: " + freshShareMin);
    }
    if (deadShareFrom < 1 || serversMax < 1) {
      throw new IllegalArgumentException(
          "deadShareFrom and serversMax are 1 and up: " + deadShareFrom + "," + serversMax);
    }
  }

  /** Returns whether so many dead of so many locations are not to be believed. */
  public boolean isUnbelievable(int dead, int locations) {
    return locations > 0
        && (dead == locations || (locations >= deadShareFrom && dead > deadShareMax * locations));
  }
}
