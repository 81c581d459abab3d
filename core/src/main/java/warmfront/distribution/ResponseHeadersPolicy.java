package warmfront.distribution;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which headers are taken off a response and put on it, in this order: removed, CORS, others.
 *
 * @param id the policy's id
 * @param name its name
 * @param removed names of headers to take off; without regard to case
 * @param cors headers for scripts of other origins
 * @param headers security headers, then custom ones
 * @param serverTiming of a million responses, how many have Server-Timing; 0 for those alone that
 *     ask for it; empty for none at all
 */
public record ResponseHeadersPolicy(
    String id,
    String name,
    List<String> removed,
    Optional<Cors> cors,
    List<Header> headers,
    OptionalInt serverTiming)
    implements Resource {
  /**
   * Headers of the Fetch standard's CORS protocol.
   *
   * @param credentials whether credentials are allowed
   * @param allowHeaders names, may have wildcards
   * @param allowMethods methods; {@code ALL} alone for all
   * @param allowOrigins patterns of origins
   * @param exposeHeaders names
   * @param maxAgeSeconds how long a preflight may be kept
   * @param override whether they take the place of the origin's; if not, any CORS header of the
   *     origin's keeps all of these away
   */
  public record Cors(
      boolean credentials,
      List<String> allowHeaders,
      List<String> allowMethods,
      List<String> allowOrigins,
      List<String> exposeHeaders,
      OptionalInt maxAgeSeconds,
      boolean override) {
    public Cors {
      allowHeaders = List.copyOf(allowHeaders);
      allowMethods = List.copyOf(allowMethods);
      allowOrigins = List.copyOf(allowOrigins);
      exposeHeaders = List.copyOf(exposeHeaders);
    }
  }

  /**
   * One header.
   *
   * @param name its name
   * @param value its value, may be empty
   * @param override whether it takes the place of the origin's
   */
  public record Header(String name, String value, boolean override) {}

  public ResponseHeadersPolicy {
    removed = List.copyOf(removed);
    headers = List.copyOf(headers);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.RESPONSE_HEADERS_POLICIES);
  }
}
