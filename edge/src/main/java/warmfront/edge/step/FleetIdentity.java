package warmfront.edge.step;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who a server is in its fleet, and whom it believes.
 *
 * @param key its private key
 * @param chain its certificate and the issuers
 * @param authorities whose certificates are the fleet's
 */
public record FleetIdentity(
    PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
  public FleetIdentity {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  @Override
  public String toString() {
    return "FleetIdentity";
  }
}
