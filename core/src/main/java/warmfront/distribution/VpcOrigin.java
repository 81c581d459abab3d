package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * A server of a private network that distributions have as an origin, under another name.
 *
 * @param id {@code vo_...}
 * @param host the name or address that is connected to
 * @param httpPort port for http
 * @param httpsPort port for https
 * @param protocol which of the two is asked
 * @param sslProtocols the TLS versions offered, as CloudFront spells them
 */
public record VpcOrigin(
    String id,
    String host,
    int httpPort,
    int httpsPort,
    Origin.Protocol protocol,
    List<String> sslProtocols)
    implements Resource {
  public VpcOrigin {
    sslProtocols = List.copyOf(sslProtocols);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.VPC_ORIGINS);
  }
}
