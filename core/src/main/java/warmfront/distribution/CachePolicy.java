package warmfront.distribution;

import java.time.Duration;

/**
 * What is in the cache key (and so goes to the origin), and how long objects live.
 *
 * @param id the policy's id; for a legacy behavior's own settings, the distribution's id and path
 * @param name its name
 * @param minTtl least lifetime
 * @param defaultTtl lifetime where the origin says nothing
 * @param maxTtl greatest lifetime
 * @param gzip whether gzip is a normalised part of the key
 * @param brotli whether br is a normalised part of the key
 * @param headers headers in the key; {@link NameSet.Mode#ALL} is the legacy setting that turns
 *     caching off
 * @param cookies cookies in the key
 * @param queryStrings query strings in the key
 */
public record CachePolicy(
    String id,
    String name,
    Duration minTtl,
    Duration defaultTtl,
    Duration maxTtl,
    boolean gzip,
    boolean brotli,
    NameSet headers,
    NameSet cookies,
    NameSet queryStrings)
    implements Resource {
  public CachePolicy {
    if (minTtl.isNegative()
        || defaultTtl.compareTo(minTtl) < 0
        || maxTtl.compareTo(defaultTtl) < 0) {
      throw new IllegalArgumentException(
          "0 <= MinTTL <= DefaultTTL <= MaxTTL does not hold: %s %s %s"
              .formatted(minTtl, defaultTtl, maxTtl));
    }
  }

  /** Returns whether nothing under it is ever cached: all lifetimes are 0. */
  public boolean disablesCaching() {
    return maxTtl.isZero() || headers.mode() == NameSet.Mode.ALL;
  }
}
