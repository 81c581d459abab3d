package warmfront.edge.viewer;

import java.util.List;
import warmfront.distribution.Certificate;
import warmfront.distribution.TlsPolicy;

/**
 * A certificate that is shown for the aliases of a distribution.
 *
 * @param certificate the certificate, with its key
 * @param policy the least that a handshake must offer
 * @param aliases lower case; may begin with {@code *.}, which stands for names at any depth
 */
public record SiteCertificate(Certificate certificate, TlsPolicy policy, List<String> aliases) {
  public SiteCertificate {
    aliases = List.copyOf(aliases);
  }
}
