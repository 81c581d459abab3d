package warmfront.edge.viewer;

import java.util.List;
import warmfront.distribution.Certificate;
import warmfront.distribution.TlsPolicy;

/**
 * A certificate that is shown for the aliases of a distribution or the domains of a tenant.
 *
 * @param certificate the certificate, with its key
 * @param policy the least that a handshake must offer
 * @param aliases lower case; may begin with {@code *.}, which stands for names at any depth
 * @param covered whether it is shown for those of the aliases alone that it is for
 */
public record SiteCertificate(
    Certificate certificate, TlsPolicy policy, List<String> aliases, boolean covered) {
  public SiteCertificate {
    aliases = List.copyOf(aliases);
  }

  /** Makes one that is shown for all of the aliases. */
  public SiteCertificate(Certificate certificate, TlsPolicy policy, List<String> aliases) {
    this(certificate, policy, aliases, false);
  }
}
