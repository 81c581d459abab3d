package warmfront.distribution;

import java.util.Set;

/**
 * A certificate that was imported, with its key; edges show it for the aliases of the distributions
 * that refer to it.
 *
 * @param id its ARN
 * @param chainPem the certificate and its issuers, PEM
 * @param keyPem the private key, PKCS #8 PEM
 */
public record Certificate(String id, String chainPem, String keyPem) implements Resource {
  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CERTIFICATES);
  }

  @Override
  public String toString() {
    return "Certificate[" + id + "]";
  }
}
