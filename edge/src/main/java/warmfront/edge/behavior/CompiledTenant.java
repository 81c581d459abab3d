package warmfront.edge.behavior;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.edge.step.Match;
import warmfront.edge.step.Site;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * A tenant of a distribution. It has of its own what differs, which is little, because there are
 * many: the origins that have parameters, filled, and a route for each behavior that a viewer came
 * to, made for the first one. All else is the distribution's.
 */
final class CompiledTenant implements Compiled {
  private final Tenant tenant;
  private final CompiledSite shared;
  private final Site site;
  private final Map<String, Origin> filled;

  /** By the place of the behavior. Written under this object's lock; each is immutable. */
  private final Match.@Nullable Found[] found;

  private CompiledTenant(
      Tenant tenant, CompiledSite shared, Site site, Map<String, Origin> filled) {
    this.tenant = tenant;
    this.shared = shared;
    this.site = site;
    this.filled = filled;
    this.found = new Match.@Nullable Found[shared.size()];
  }

  /**
   * Compiles a tenant.
   *
   * @param shared the tenant's distribution; null if the snapshot does not have it
   * @throws IllegalArgumentException if it refers to what the snapshot does not have, or lacks the
   *     value of a parameter
   */
  static CompiledTenant of(Versioned versioned, @Nullable CompiledSite shared, Snapshot snapshot) {
    var tenant = (Tenant) versioned.resource();
    if (shared == null || shared.distribution().entrance().tenancy().isEmpty()) {
      throw new IllegalArgumentException(
          "tenant %s refers to %s, which is no multi-tenant distribution"
              .formatted(tenant.id(), tenant.distributionId()));
    }
    Versioned group =
        snapshot
            .find(Kind.CONNECTION_GROUP, tenant.connectionGroupId())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "tenant %s refers to connection group %s, which is not there"
                        .formatted(tenant.id(), tenant.connectionGroupId())));
    Distribution whole = shared.distribution();
    boolean serves =
        whole.enabled() && tenant.enabled() && ((ConnectionGroup) group.resource()).enabled();
    Distribution own =
        whole.forTenant(serves, tenant.geography().orElse(whole.entrance().geography()));
    long revision = Math.max(shared.revision(), Math.max(versioned.revision(), group.revision()));
    return new CompiledTenant(
        tenant,
        shared,
        shared.at(0).route().site().forTenant(own, revision, tenant.id()),
        filled(tenant, shared));
  }

  private static Map<String, Origin> filled(Tenant tenant, CompiledSite shared) {
    if (shared.withParameters().isEmpty()) {
      return Map.of();
    }
    Map<String, String> values =
        new HashMap<>(
            shared.distribution().entrance().tenancy().map(Tenancy::defaults).orElse(Map.of()));
    values.putAll(tenant.parameters());
    Map<String, Origin> filled = new HashMap<>();
    for (Origin origin : shared.withParameters()) {
      filled.put(origin.id(), origin.filled(values));
    }
    return Map.copyOf(filled);
  }

  @Override
  public Match.Found match(String path) {
    int place = shared.place(path);
    Match.@Nullable Found made = found[place];
    return made == null ? make(place) : made;
  }

  private synchronized Match.Found make(int place) {
    Match.@Nullable Found made = found[place];
    if (made == null) {
      made =
          new Match.Found(
              shared
                  .at(place)
                  .route()
                  .forTenant(site, origin -> filled.getOrDefault(origin.id(), origin)));
      found[place] = made;
    }
    return made;
  }

  @Override
  public Distribution distribution() {
    return site.distribution();
  }

  @Override
  public String title() {
    return "tenant " + tenant.id();
  }

  @Override
  public List<String> names() {
    return tenant.domains();
  }

  /** What its distribution refers to is reached by way of that. */
  @Override
  public Set<Reference> references() {
    return Set.of(
        new Reference(Kind.DISTRIBUTION, tenant.distributionId()),
        new Reference(Kind.CONNECTION_GROUP, tenant.connectionGroupId()));
  }
}
