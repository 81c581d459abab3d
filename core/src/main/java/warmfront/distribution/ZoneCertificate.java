package warmfront.distribution;

/**
 * A certificate that edges serve, with its key.
 *
 * @param id the DNS name or wildcard that it covers ({@code *.warmfront.localhost})
 * @param chainPem the certificate and its issuers, PEM
 * @param keyPem the private key, PKCS #8 PEM
 */
public record ZoneCertificate(String id, String chainPem, String keyPem) implements Resource {
  @Override
  public String toString() {
    return "ZoneCertificate[" + id + "]";
  }
}
