package warmfront.distribution;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which viewers of a distribution get another configuration, the one that is staged.
 *
 * @param id the policy's id
 * @param enabled false: none do
 * @param stagingName the domain name of the distribution that has the other configuration, lower
 *     case
 * @param split who gets it
 */
public record ContinuousDeploymentPolicy(
    String id, boolean enabled, String stagingName, Split split) implements Resource {
  /** Who gets the other configuration. */
  public sealed interface Split {
    /** Nobody: the policy has no traffic configuration. */
    record Nobody() implements Split {}

    /**
     * Requests with a header.
     *
     * @param name its name
     * @param value its value, exactly
     */
    record ByHeader(String name, String value) implements Split {}

    /**
     * A share of all requests, by chance.
     *
     * @param perMillion of a million requests, how many
     * @param stickiness whether a viewer stays where its first request went
     */
    record ByWeight(int perMillion, Optional<Stickiness> stickiness) implements Split {}
  }

  /**
   * How long a viewer stays with one configuration.
   *
   * @param idle since its last request
   * @param longest since its first request
   */
  public record Stickiness(Duration idle, Duration longest) {}

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CONTINUOUS_DEPLOYMENT);
  }
}
