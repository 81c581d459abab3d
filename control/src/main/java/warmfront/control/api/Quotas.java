package warmfront.control.api;

/**
 * How many of a thing an account may have (CloudFront's quotas of 2026).
 *
 * @param distributions distributions
 * @param origins origins of a distribution
 * @param behaviors cache behaviors of a distribution beside the default
 * @param aliases alternate domain names of a distribution
 * @param tags tags of a resource
 * @param policies custom policies of each type
 * @param policyNames headers, cookies or query strings that one policy names, of each
 * @param originAccessControls origin access controls
 * @param originHeaders custom headers of an origin
 * @param invalidationPaths paths in progress of a distribution, and of one batch
 * @param invalidationWildcards paths with a wildcard in progress of a distribution
 * @param streamingDistributions streaming distributions (2020; each may have as many aliases as a
 *     distribution)
 * @param originAccessIdentities origin access identities
 * @param publicKeys public keys
 * @param keyGroups key groups
 * @param groupKeys public keys of a key group
 * @param continuousDeploymentPolicies continuous deployment policies
 * @param pageItems items of one page of a list
 */
public record Quotas(
    int distributions,
    int origins,
    int behaviors,
    int aliases,
    int tags,
    int policies,
    int policyNames,
    int originAccessControls,
    int originHeaders,
    int invalidationPaths,
    int invalidationWildcards,
    int streamingDistributions,
    int originAccessIdentities,
    int publicKeys,
    int keyGroups,
    int groupKeys,
    int continuousDeploymentPolicies,
    int pageItems) {
  /** CloudFront's own numbers. */
  public static final Quotas DEFAULT =
      new Quotas(500, 100, 75, 100, 50, 20, 10, 100, 30, 3_000, 15, 100, 100, 10, 10, 5, 20, 100);

  public Quotas {
    if (pageItems < 1) {
      throw new IllegalArgumentException("a page has at least one item: " + pageItems);
    }
  }
}
