package warmfront.control.api;

import java.util.Locale;

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

  /** VPC origins. */
  VPC_ORIGINS(25),

  /** Functions of each sort. */
  FUNCTIONS(100),

  /** Bytes of a function's code; the API takes 40,960 at most. */
  FUNCTION_BYTES(10_240),

  /** Key value stores. */
  KEY_VALUE_STORES(50),

  /** Functions of each sort that are associated with one key value store. */
  STORE_FUNCTIONS(10),

  /** Bytes of the keys and values of a key value store. */
  STORE_BYTES(5 << 20),

  /** Configurations of real-time logs. */
  REALTIME_LOG_CONFIGS(150),

  /** Anycast IP lists (a number of our own: they share their addresses). */
  ANYCAST_IP_LISTS(20),

  /** Sources, destinations and deliveries of access logs, of each (a number of our own). */
  LOG_DELIVERIES(1_000),

  /** Certificates, imported and requested ones (ACM's quota for each). */
  CERTIFICATES(2_500),

  /** Names of a requested certificate (ACM's quota). */
  CERTIFICATE_NAMES(10),

  /** Configurations of field-level encryption. */
  ENCRYPTION_CONFIGS(10),

  /** Profiles of field-level encryption. */
  ENCRYPTION_PROFILES(10),

  /** Fields that one profile names. */
  ENCRYPTION_FIELDS(10),

  /** Query arguments that one configuration of field-level encryption names. */
  ENCRYPTION_ARGUMENTS(5),

  /** Distributions that use one policy, of each type. */
  DISTRIBUTIONS_OF_POLICY(100),

  /** Distributions that use one key group. */
  DISTRIBUTIONS_OF_KEY_GROUP(100),

  /** Distributions that use one origin access control. */
  DISTRIBUTIONS_OF_ORIGIN_ACCESS_CONTROL(100),

  /** Distributions that use one configuration of field-level encryption. */
  DISTRIBUTIONS_OF_ENCRYPTION_CONFIG(20),

  /** Distributions that use one VPC origin. */
  DISTRIBUTIONS_OF_VPC_ORIGIN(50),

  /** Distributions that use one Anycast IP list. */
  DISTRIBUTIONS_OF_ANYCAST_IP_LIST(100),

  /** Staging distributions, which are distributions, too. */
  STAGING_DISTRIBUTIONS(20),

  /** Distribution tenants. */
  TENANTS(10_000),

  /** Multi-tenant distributions, which are distributions, too. */
  SHARED_DISTRIBUTIONS(20),

  /** Connection groups. */
  CONNECTION_GROUPS(100),

  /** Domains of a distribution tenant. */
  TENANT_DOMAINS(100),

  /** Items of one page of a list. */
  PAGE_ITEMS(100);

  /** The greatest number of any of them. */
  public static final int MAX = 1_000_000_000;

  private final int standard;

  Quota(int standard) {
    this.standard = standard;
  }

  /** Returns CloudFront's own number. */
  public int standard() {
    return standard;
  }

  /** Returns its name as an operator writes it ({@code keyGroups}). */
  public String setting() {
    StringBuilder name = new StringBuilder();
    boolean begins = false;
    for (char c : name().toLowerCase(Locale.ROOT).toCharArray()) {
      if (c != '_') {
        name.append(begins ? Character.toUpperCase(c) : c);
      }
      begins = c == '_';
    }
    return name.toString();
  }
}
