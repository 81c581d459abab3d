package warmfront.edge.step;

import java.util.List;
import java.util.Optional;
import warmfront.distribution.Distribution;
import warmfront.distribution.LogDeliveries;

/**
 * A distribution, or a tenant of one, as compiled from one snapshot.
 *
 * @param distribution the record it came from, as a tenant's viewers see it
 * @param revision the snapshot revision of its last change: what was dressed under another is stale
 * @param clients what it asks of viewers' own certificates; empty for nothing
 * @param deliveries where its access logs go beside what the distribution says
 * @param owner whose objects are kept apart from others': the distribution's id, and behind a slash
 *     the tenant's
 */
public record Site(
    Distribution distribution,
    long revision,
    Optional<ClientCheck> clients,
    List<LogDeliveries.Delivery> deliveries,
    String owner) {
  private static final char SLASH = '/';

  public Site {
    deliveries = List.copyOf(deliveries);
  }

  /** Makes one of a distribution that has viewers of its own. */
  public Site(
      Distribution distribution,
      long revision,
      Optional<ClientCheck> clients,
      List<LogDeliveries.Delivery> deliveries) {
    this(distribution, revision, clients, deliveries, distribution.id());
  }

  /** Makes one that asks nobody who it is, and has no deliveries of logs. */
  public Site(Distribution distribution, long revision) {
    this(distribution, revision, Optional.empty(), List.of());
  }

  /**
   * Returns this site as one of a tenant.
   *
   * @param others the distribution as the tenant's viewers see it
   * @param changed the snapshot revision of the last change to the two of them
   * @param tenant its id
   */
  public Site forTenant(Distribution others, long changed, String tenant) {
    return new Site(others, changed, clients, deliveries, others.id() + SLASH + tenant);
  }

  /** Returns the tenant's id; empty if the distribution has viewers of its own. */
  public Optional<String> tenant() {
    int slash = owner.indexOf(SLASH);
    return slash < 0 ? Optional.empty() : Optional.of(owner.substring(slash + 1));
  }
}
