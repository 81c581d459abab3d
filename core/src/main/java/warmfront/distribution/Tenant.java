package warmfront.distribution;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of the many who share a multi-tenant distribution, with domains of its own.
 *
 * @param id {@code dt_...}
 * @param distributionId the multi-tenant distribution
 * @param enabled false: its domains get 403
 * @param domains lower case; may begin with {@code *.}
 * @param parameters its own values of the distribution's parameters
 * @param connectionGroupId the connection group that its viewers come in by
 * @param geography which countries are served; empty for those of the distribution
 * @param certificate the id of the {@link Certificate} that its domains show; empty for the
 *     distribution's
 */
public record Tenant(
    String id,
    String distributionId,
    boolean enabled,
    List<String> domains,
    Map<String, String> parameters,
    String connectionGroupId,
    Optional<Geography> geography,
    Optional<String> certificate)
    implements Resource {
  public Tenant {
    domains = List.copyOf(domains);
    parameters = Map.copyOf(parameters);
  }

  @Override
  public Set<Feature> features() {
    Set<Feature> features = EnumSet.of(Feature.TENANTS);
    if (geography.filter(own -> !own.equals(Geography.ANYWHERE)).isPresent()) {
      features.add(Feature.GEOGRAPHY);
    }
    if (certificate.isPresent()) {
      features.add(Feature.CERTIFICATES);
    }
    return features;
  }
}
