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

  public TtlRule {
    errors = Map.copyOf(errors);
  }

  /** Returns ErrorCachingMinTTL for a status code. */
  public Duration error(int status) {
    return errors.getOrDefault(status, ERROR_DEFAULT);
  }
}
