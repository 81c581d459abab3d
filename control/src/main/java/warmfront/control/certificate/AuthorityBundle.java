package warmfront.control.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import warmfront.link.Pem;

/**
 * Certificates of authorities that an operator brings for a trust store (CloudFront, "Quotas on
 * mutual TLS").
 *
 * @param authorities each is an authority's; at least one
 */
public record AuthorityBundle(List<X509Certificate> authorities) {
  /** The longest bundle, in bytes. */
  public static final int BYTES_MAX = 65_536;

  private static final int CERTIFICATES_MAX = 25;

  public AuthorityBundle {
    authorities = List.copyOf(authorities);
  }

  /**
   * Reads what was brought.
   *
   * @param pem as it came, a character for each byte (RFC 7468)
   * @throws IllegalArgumentException if it is none, or too much; says why
   */
  public static AuthorityBundle of(String pem) {
    if (pem.length() > BYTES_MAX) {
      throw new IllegalArgumentException("the bundle is longer than %d bytes".formatted(BYTES_MAX));
    }
    List<X509Certificate> found = Pem.certificates(pem);
    if (found.size() > CERTIFICATES_MAX) {
      throw new IllegalArgumentException(
          "the bundle has %d certificates; %d are allowed"
              .formatted(found.size(), CERTIFICATES_MAX));
    }
    for (X509Certificate one : found) {
      if (one.getBasicConstraints() < 0) {
        throw new IllegalArgumentException(
            "the certificate of %s is not an authority's"
                .formatted(one.getSubjectX500Principal().getName()));
      }
    }
    return new AuthorityBundle(found);
  }

  /** Returns them as PEM. */
  public String pem() {
    return Pem.of(authorities);
  }
}
