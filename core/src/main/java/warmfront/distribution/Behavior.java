package warmfront.distribution;

import java.util.Optional;
import java.util.Set;
import warmfront.http.Method;

/**
 * What is done with requests whose path matches.
 *
 * @param pathPattern the pattern; {@code *} for the default behavior
 * @param originId the origin it asks
 * @param viewerProtocol what plain HTTP requests get
 * @param allowed methods that are let through
 * @param cached methods whose responses are cached
 * @param cachePolicyId the policy; empty if {@code legacy} stands for it
 * @param legacy the settings of a behavior without a policy (ForwardedValues and its own TTLs)
 */
public record Behavior(
    String pathPattern,
    String originId,
    ViewerProtocol viewerProtocol,
    Set<Method> allowed,
    Set<Method> cached,
    Optional<String> cachePolicyId,
    Optional<CachePolicy> legacy) {
  /** What requests over plain HTTP get. */
  public enum ViewerProtocol {
    ALLOW_ALL,
    HTTPS_ONLY,
    REDIRECT_TO_HTTPS
  }

  public Behavior {
    allowed = Set.copyOf(allowed);
    cached = Set.copyOf(cached);
    if (cachePolicyId.isPresent() == legacy.isPresent()) {
      throw new IllegalArgumentException(
          "either a cache policy or legacy settings: " + pathPattern);
    }
  }
}
