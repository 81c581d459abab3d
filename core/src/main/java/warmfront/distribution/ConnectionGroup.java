package warmfront.distribution;

import java.util.Optional;
import java.util.Set;

/**
 * How viewers of tenants come in: a name that their domains point to.
 *
 * @param id {@code cg_...}
 * @param domainName the routing endpoint, a name in the zone, lower case
 * @param enabled false: the domains of its tenants get 403
 * @param ipv6 whether DNS gives IPv6 addresses
 * @param anycast the addresses that its name has, if they are the same for all viewers
 */
public record ConnectionGroup(
    String id, String domainName, boolean enabled, boolean ipv6, Optional<Anycast> anycast)
    implements Resource {
  /** Makes one whose name has addresses by the viewer. */
  public ConnectionGroup(String id, String domainName, boolean enabled, boolean ipv6) {
    this(id, domainName, enabled, ipv6, Optional.empty());
  }

  @Override
  public Set<Feature> features() {
    return anycast.isPresent() ? Set.of(Feature.TENANTS, Feature.ANYCAST) : Set.of(Feature.TENANTS);
  }
}
