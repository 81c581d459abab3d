package warmfront.control.api;

/** Of what an account may have only so many, and how many (CloudFront's quotas of 2026). */
public enum Quota {
  /** Distributions. */
  DISTRIBUTIONS(500),

  /** Origins of a distribution. */
  ORIGINS(100),

  /** Cache behaviors of a distribution beside the default. */
  BEHAVIORS(75),

  /** Alternate domain names of a distribution. */
  ALIASES(100),

  /** Tags of a resource. */
  TAGS(50),

  /** Custom policies of each type. */
  POLICIES(20),

  /** Headers, cookies or query strings that one policy names, of each. */
  POLICY_NAMES(10),

  /** Origin access controls. */
  ORIGIN_ACCESS_CONTROLS(100),

  /** Custom headers of an origin. */
  ORIGIN_HEADERS(30),

  /** Paths in progress of a distribution, and of one batch. */
  INVALIDATION_PATHS(3_000),

  /** Paths with a wildcard in progress of a distribution. */
  INVALIDATION_WILDCARDS(15),

  /** Streaming distributions (2020; each may have as many aliases as a distribution). */
  STREAMING_DISTRIBUTIONS(100),

  /** Origin access identities. */
  ORIGIN_ACCESS_IDENTITIES(100),

  /** Public keys. */
  PUBLIC_KEYS(10),

  /** Key groups. */
  KEY_GROUPS(10),

  /** Public keys of a key group. */
  GROUP_KEYS(5),

  /** Continuous deployment policies. */
  CONTINUOUS_DEPLOYMENT_POLICIES(20),

  /** Trust stores. */
  TRUST_STORES(20),

  /** Distributions that use one trust store. */
  TRUST_STORE_DISTRIBUTIONS(25),

  /** Items of one page of a list. */
  PAGE_ITEMS(100);

  private final int standard;

  Quota(int standard) {
    this.standard = standard;
  }

  /** Returns CloudFront's own number. */
  int standard() {
    return standard;
  }
}
