package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * The word to DNS servers that a distribution's names may be given out: the edges have it. DNS
 * servers know no more of a distribution than this.
 *
 * @param id the distribution's id
 * @param domainName its own name in the zone, lower case
 * @param enabled false: edges answer its names with 403
 * @param aliases further names, lower case; may begin with {@code *.}
 * @param ipv6 whether DNS gives its IPv6 addresses
 * @param priceClass which locations answer
 * @param explores whether few viewers may be sent to a location that is yet to be measured
 */
public record Publication(
    String id,
    String domainName,
    boolean enabled,
    List<String> aliases,
    boolean ipv6,
    PriceClass priceClass,
    boolean explores)
    implements Resource {
  public Publication {
    aliases = List.copyOf(aliases);
  }

  /** Returns what DNS servers are to know of a distribution. */
  public static Publication of(Distribution distribution) {
    return new Publication(
        distribution.id(),
        distribution.domainName(),
        distribution.enabled(),
        distribution.aliases(),
        distribution.ipv6(),
        distribution.priceClass(),
        distribution.wishes().explores());
  }

  /**
   * Returns what DNS servers are to know of a streaming distribution: like CloudFront's, it has no
   * setting for IPv6 and no addresses of it, as policies of signed stream names know IPv4 alone.
   */
  public static Publication of(StreamingDistribution distribution) {
    return new Publication(
        distribution.id(),
        distribution.domainName(),
        distribution.enabled(),
        distribution.aliases(),
        false,
        distribution.priceClass());
  }

  /** Makes one whose owner asks for nothing of our own. */
  public Publication(
      String id,
      String domainName,
      boolean enabled,
      List<String> aliases,
      boolean ipv6,
      PriceClass priceClass) {
    this(id, domainName, enabled, aliases, ipv6, priceClass, true);
  }

  @Override
  public Set<Feature> features() {
    return explores ? Set.of() : Set.of(Feature.ROUTING_WISHES);
  }
}
