package warmfront.edge.step;

import warmfront.distribution.ContinuousDeploymentPolicy;

/** Step 2, match: which distribution and behavior a request is for. */
public sealed interface Match {
  /** The distribution of the Host, and its first behavior whose pattern matches the path. */
  record Found(Route route) implements Match {}

  /**
   * Some viewers get what is staged (CloudFront, "Using CloudFront continuous deployment").
   *
   * @param primary the distribution's own behavior
   * @param staged that of the staging distribution
   * @param policy which viewers those are
   * @param revision the snapshot revision of the policy's last change
   */
  record Split(Route primary, Route staged, ContinuousDeploymentPolicy policy, long revision)
      implements Match {}

  /** No distribution has this name: 403. */
  record Unknown(String host) implements Match {}
}
