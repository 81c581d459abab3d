package warmfront.distribution;

import java.util.Set;

/**
 * How viewers of tenants come in: a name that their domains point to.
 *
 * @param id {@code cg_...}
 * @param domainName the routing endpoint, a name in the zone, lower case
 * @param enabled false: the domains of its tenants get 403
 * @param ipv6 whether DNS gives IPv6 addresses
 */
public record ConnectionGroup(String id, String domainName, boolean enabled, boolean ipv6)
    implements Resource {
  @Override
  public Set<Feature> features() {
    return Set.of(Feature.TENANTS);
  }
}
