package warmfront.distribution;

import java.time.Duration;
import java.util.ArrayList;
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
 * @param entrance how viewers come in
 * @param remedies what they get where an origin fails
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
    Wishes wishes,
    Entrance entrance,
    Remedies remedies)
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
    List<String> single = origins.stream().map(Origin::id).toList();
    List<String> targets = new ArrayList<>(single);
    for (Remedies.OriginGroup group : remedies.groups()) {
      requireIn(single, id, group.primary());
      requireIn(single, id, group.secondary());
      targets.add(group.id());
    }
    behaviors.forEach(behavior -> requireIn(targets, id, behavior.originId()));
    requireIn(targets, id, defaultBehavior.originId());
  }

  private static void requireIn(List<String> targets, String id, String origin) {
    if (!targets.contains(origin)) {
      throw new IllegalArgumentException(
          "distribution %s has no origin named %s".formatted(id, origin));
    }
  }

  /** Returns this distribution with other wishes. */
  public Distribution withWishes(Wishes asked) {
    return with(asked, entrance, remedies);
  }

  /** Returns this distribution with another entrance. */
  public Distribution withEntrance(Entrance other) {
    return with(wishes, other, remedies);
  }

  /** Returns this distribution with other remedies. */
  public Distribution withRemedies(Remedies other) {
    return with(wishes, entrance, other);
  }

  /**
   * Returns this distribution as a tenant's viewers see it; itself if nothing differs.
   *
   * @param others whether it serves them
   * @param geography which countries it serves
   */
  public Distribution forTenant(boolean others, Geography geography) {
    boolean same = others == enabled && entrance.geography().equals(geography);
    return same ? this : with(others, wishes, entrance.withGeography(geography), remedies);
  }

  private Distribution with(Wishes asked, Entrance otherEntrance, Remedies otherRemedies) {
    return with(enabled, asked, otherEntrance, otherRemedies);
  }

  private Distribution with(
      boolean serves, Wishes asked, Entrance otherEntrance, Remedies otherRemedies) {
    return new Distribution(
        id,
        domainName,
        serves,
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
        asked,
        otherEntrance,
        otherRemedies);
  }

  @Override
  public Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (cacheTagHeader.isPresent()) {
      features.add(Feature.CACHE_TAGS);
    }
    features.addAll(wishes.features());
    features.addAll(entrance.features());
    features.addAll(remedies.features());
    origins.forEach(origin -> features.addAll(origin.reach().features()));
    behaviors.forEach(behavior -> features.addAll(behavior.features()));
    features.addAll(defaultBehavior.features());
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
