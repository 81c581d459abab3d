package warmfront.edge.step;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How long responses live under a behavior (CloudFront, "Managing how long content stays in the
 * cache"), and what else ends them.
 *
 * @param min MinTTL
 * @param standard DefaultTTL
 * @param max MaxTTL
 * @param errors ErrorCachingMinTTL by status code, for those that differ from 10 s
 * @param tagHeader the field in which the origin lists an object's cache tags
 * @param caching false under a policy that disables caching: nothing is stored, errors included
 */
public record TtlRule(
    Duration min,
    Duration standard,
    Duration max,
    Map<Integer, Duration> errors,
    Optional<String> tagHeader,
    boolean caching) {
  /** ErrorCachingMinTTL where a distribution says nothing. */
  public static final Duration ERROR_DEFAULT = Duration.ofSeconds(10);

  private static final Duration ERROR_LEAST = Duration.ofSeconds(1);

  public TtlRule {
    errors = Map.copyOf(errors);
  }

  /**
   * Returns this rule for an answer that another edge has kept already: it lives no longer here
   * than there, but for errors, which live a second at least.
   *
   * @param status of the answer
   */
  public TtlRule capped(int status, Duration left) {
    Duration leftOfError = left.compareTo(ERROR_LEAST) < 0 ? ERROR_LEAST : left;
    return new TtlRule(
        smaller(min, left),
        smaller(standard, left),
        smaller(max, status < 400 ? left : leftOfError),
        Map.of(status, smaller(error(status), leftOfError)),
        tagHeader,
        caching);
  }

  private static Duration smaller(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Returns ErrorCachingMinTTL for a status code. */
  public Duration error(int status) {
    return errors.getOrDefault(status, ERROR_DEFAULT);
  }
}
