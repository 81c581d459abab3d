package warmfront.distribution;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A web distribution as an edge serves it.
 *
 * @param id {@code E...}
 * @param domainName its own name in the zone, lower case
 * @param enabled false: its names get 403
 * @param aliases further names, lower case; may begin with {@code *.}
 * @param defaultRootObject what {@code /} stands for; empty for nothing
 * @param ipv6 whether DNS gives its IPv6 addresses
 * @param http2 whether HTTP/2 is offered to viewers
 * @param priceClass which locations answer
 * @param origins at least one
 * @param behaviors in order of precedence, without the default
 * @param defaultBehavior for paths that no other matches
 * @param errorTtl least lifetime of an error by status code; 10 s for those not named
 * @param logging where access logs go
 * @param cacheTagHeader the field of origins' answers that lists an object's cache tags
 * @param wishes what is asked of us beyond CloudFront's settings
 */
public record Distribution(
    String id,
    String domainName,
    boolean enabled,
    List<String> aliases,
    String defaultRootObject,
    boolean ipv6,
    boolean http2,
    PriceClass priceClass,
    List<Origin> origins,
    List<Behavior> behaviors,
    Behavior defaultBehavior,
    Map<Integer, Duration> errorTtl,
    Optional<Logging> logging,
    Optional<String> cacheTagHeader,
    Wishes wishes)
    implements Resource {
  /**
   * Where access logs go.
   *
   * @param bucket the bucket's domain name
   * @param prefix begins each object's name; may be empty
   * @param cookies whether cookies are logged
   */
  public record Logging(String bucket, String prefix, boolean cookies) {}

  public Distribution {
    aliases = List.copyOf(aliases);
    origins = List.copyOf(origins);
    behaviors = List.copyOf(behaviors);
    errorTtl = Map.copyOf(errorTtl);
    for (Behavior behavior : behaviors) {
      requireOrigin(id, origins, behavior);
    }
    requireOrigin(id, origins, defaultBehavior);
  }

  private static void requireOrigin(String id, List<Origin> origins, Behavior behavior) {
    if (origins.stream().noneMatch(origin -> origin.id().equals(behavior.originId()))) {
      throw new IllegalArgumentException(
          "distribution %s has no origin named %s".formatted(id, behavior.originId()));
    }
  }

  /** Returns this distribution with other wishes. */
  public Distribution withWishes(Wishes asked) {
    return new Distribution(
        id,
        domainName,
        enabled,
        aliases,
        defaultRootObject,
        ipv6,
        http2,
        priceClass,
        origins,
        behaviors,
        defaultBehavior,
        errorTtl,
        logging,
        cacheTagHeader,
        asked);
  }

  @Override
  public Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (cacheTagHeader.isPresent()) {
      features.add(Feature.CACHE_TAGS);
    }
    if (!wishes.isOld()) {
      features.add(Feature.ROUTING_WISHES);
    }
    return features;
  }

  /** Returns the origin of this id, which a behavior names. */
  public Origin origin(String originId) {
    return origins.stream()
        .filter(origin -> origin.id().equals(originId))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no origin named " + originId));
  }
}
