package warmfront.distribution;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An RTMP distribution as an edge serves it: objects of one bucket, played while they are fetched.
 *
 * @param id {@code E...}; no web distribution has it
 * @param domainName its own name in the zone, lower case, {@code s...}
 * @param enabled false: its names are refused
 * @param aliases further names, lower case; may begin with {@code *.}
 * @param bucket the bucket's domain name, lower case
 * @param accessControl the id of the origin access control by which requests to the bucket are
 *     signed; the API's origin access identities are such controls, too
 * @param signed whether a stream name has to be signed, by any public key that is known
 * @param priceClass which locations answer
 * @param logging where access logs go
 */
public record StreamingDistribution(
    String id,
    String domainName,
    boolean enabled,
    List<String> aliases,
    String bucket,
    Optional<String> accessControl,
    boolean signed,
    PriceClass priceClass,
    Optional<Logging> logging)
    implements Resource {
  /**
   * Where access logs go.
   *
   * @param bucket the bucket's domain name
   * @param prefix begins each object's name; may be empty
   */
  public record Logging(String bucket, String prefix) {}

  public StreamingDistribution {
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("a streaming distribution has a bucket: " + id);
    }
    aliases = List.copyOf(aliases);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.STREAMING);
  }
}
