package warmfront.distribution;

import java.util.Map;

/**
 * What makes a distribution a multi-tenant one: it has no viewers of its own, but those of its
 * {@link Tenant}s.
 *
 * @param defaults values of its parameters that count where a tenant gives none
 */
public record Tenancy(Map<String, String> defaults) {
  public Tenancy {
    defaults = Map.copyOf(defaults);
  }
}
