package warmfront.distribution;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The word to DNS servers that a distribution's names may be given out: the edges have it. DNS
 * servers know no more of a distribution than this.
 *
 * @param id the distribution's id
 * @param domainName its own name in the zone, lower case
 * @param enabled false: edges answer its names with 403
 * @param aliases further names, lower case; may begin with {@code *.}
 * @param guest whether {@code domainName} is that of another publication, which says the rest: the
 *     aliases are answered as it is
 * @param terms how its own name is answered
 */
public record Publication(
    String id, String domainName, boolean enabled, List<String> aliases, boolean guest, Terms terms)
    implements Resource {
  /**
   * How a name is answered.
   *
   * @param ipv6 whether DNS gives its IPv6 addresses
   * @param priceClass which locations answer
   * @param explores whether few viewers may be sent to a location that is yet to be measured
   * @param spoken what its viewers may speak
   * @param anycast the addresses that all viewers are given; none where they are chosen for each
   */
  public record Terms(
      boolean ipv6, PriceClass priceClass, boolean explores, Spoken spoken, List<String> anycast) {
    /** Those of a name of which nothing else is said. */
    public static final Terms USUAL =
        new Terms(true, PriceClass.PRICE_CLASS_ALL, true, Spoken.HTTP2, List.of());

    public Terms {
      anycast = List.copyOf(anycast);
      Anycast.requireAddresses(anycast);
    }
  }

  /**
   * What viewers may speak over TLS beside HTTP/1.1, which HTTPS records tell them (RFC 9460).
   *
   * @param http2 whether HTTP/2
   * @param http3 whether HTTP/3
   */
  public record Spoken(boolean http2, boolean http3) {
    /** What is said of one that nothing else is known of. */
    public static final Spoken HTTP2 = new Spoken(true, false);

    /** There is nothing to be had over HTTP. */
    public static final Spoken NOTHING = new Spoken(false, false);
  }

  public Publication {
    aliases = List.copyOf(aliases);
  }

  /** Returns what DNS servers are to know of a distribution. */
  public static Publication of(Distribution distribution) {
    Entrance entrance = distribution.entrance();
    return new Publication(
        distribution.id(),
        distribution.domainName(),
        distribution.enabled(),
        distribution.aliases(),
        false,
        new Terms(
            distribution.ipv6(),
            distribution.priceClass(),
            distribution.wishes().explores(),
            new Spoken(distribution.http2(), entrance.http3() && entrance.mtls().isEmpty()),
            entrance.anycast().map(Anycast::addresses).orElse(List.of())));
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
        new Terms(false, distribution.priceClass(), true, Spoken.NOTHING, List.of()));
  }

  /** Returns what DNS servers are to know of a connection group. */
  public static Publication of(ConnectionGroup group) {
    List<String> anycast = group.anycast().map(Anycast::addresses).orElse(List.of());
    return new Publication(
        group.id(), group.domainName(), group.enabled(), List.of(), false, terms(group, anycast));
  }

  private static Terms terms(ConnectionGroup group, List<String> anycast) {
    return new Terms(group.ipv6(), PriceClass.PRICE_CLASS_ALL, true, Spoken.HTTP2, anycast);
  }

  /**
   * Returns what DNS servers are to know of a tenant: those of its domains that lie in the zone of
   * its connection group; empty if none does.
   */
  public static Optional<Publication> of(Tenant tenant, ConnectionGroup group) {
    String zone = group.domainName().substring(group.domainName().indexOf('.'));
    List<String> inside = tenant.domains().stream().filter(name -> name.endsWith(zone)).toList();
    return inside.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Publication(
                tenant.id(),
                group.domainName(),
                tenant.enabled(),
                inside,
                true,
                terms(group, List.of())));
  }

  @Override
  public Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (!terms.explores()) {
      features.add(Feature.ROUTING_WISHES);
    }
    if (guest) {
      features.add(Feature.TENANTS);
    }
    if (!terms.spoken().equals(Spoken.HTTP2)) {
      features.add(Feature.SERVICE_RECORDS);
    }
    if (!terms.anycast().isEmpty()) {
      features.add(Feature.ANYCAST);
    }
    return features;
  }
}
