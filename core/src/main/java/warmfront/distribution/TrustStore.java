package warmfront.distribution;

import java.util.Set;

/**
 * The authorities whose certificates viewers may show.
 *
 * @param id {@code ts_...}
 * @param authoritiesPem their certificates, PEM
 */
public record TrustStore(String id, String authoritiesPem) implements Resource {
  @Override
  public Set<Feature> features() {
    return Set.of(Feature.VIEWER_MTLS);
  }
}
