package warmfront.edge.behavior;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Resource;
import warmfront.edge.step.Match;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/** A distribution with its patterns and routes ready to be asked. Immutable. */
final class CompiledSite {
  private final Distribution distribution;
  private final List<PathPattern> patterns;
  private final List<Match.Found> found;
  private final Match.Found otherwise;

  private CompiledSite(
      Distribution distribution,
      List<PathPattern> patterns,
      List<Match.Found> found,
      Match.Found otherwise) {
    this.distribution = distribution;
    this.patterns = patterns;
    this.found = found;
    this.otherwise = otherwise;
  }

  /**
   * Compiles a distribution.
   *
   * @throws IllegalArgumentException if it refers to what the snapshot does not have
   */
  static CompiledSite of(Versioned versioned, Snapshot snapshot) {
    var distribution = (Distribution) versioned.resource();
    var references = new References(distribution, snapshot);
    // The revision of the last change to any of its parts is known only once all are found.
    references.find(distribution.defaultBehavior());
    distribution.behaviors().forEach(references::find);
    var site = new Site(distribution, Math.max(versioned.revision(), references.revision));
    List<PathPattern> patterns = new ArrayList<>();
    List<Match.Found> found = new ArrayList<>();
    for (Behavior behavior : distribution.behaviors()) {
      patterns.add(new PathPattern(behavior.pathPattern()));
      found.add(references.route(site, behavior));
    }
    return new CompiledSite(
        distribution,
        List.copyOf(patterns),
        List.copyOf(found),
        references.route(site, distribution.defaultBehavior()));
  }

  /** Returns the route of the first behavior whose pattern matches. */
  Match.Found match(String path) {
    if (patterns.isEmpty()) {
      return otherwise;
    }
    String normal = NormalPath.of(path);
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(normal)) {
        return found.get(i);
      }
    }
    return otherwise;
  }

  /** Returns the distribution it was compiled from. */
  Distribution distribution() {
    return distribution;
  }

  /** Returns whether one of its behaviors refers to this resource. */
  boolean refersTo(Kind kind, String id) {
    return switch (kind) {
      case CACHE_POLICY ->
          distribution.defaultBehavior().cachePolicyId().filter(id::equals).isPresent()
              || distribution.behaviors().stream()
                  .anyMatch(behavior -> behavior.cachePolicyId().filter(id::equals).isPresent());
      case ORIGIN_ACCESS_CONTROL ->
          distribution.origins().stream()
              .anyMatch(origin -> accessControl(origin).filter(id::equals).isPresent());
      case LOCATION,
          SERVER,
          DISTRIBUTION,
          PUBLICATION,
          INVALIDATION,
          INVALIDATION_FLOOR,
          S3_ENDPOINT,
          ZONE_CERTIFICATE,
          HEARTBEAT_KEY,
          LAPSE,
          TEXT_RECORD,
          STREAMING_DISTRIBUTION,
          PUBLIC_KEY,
          KEY_GROUP,
          CHANNEL,
          ORIGIN_REQUEST_POLICY,
          RESPONSE_HEADERS_POLICY,
          CERTIFICATE ->
          false;
    };
  }

  private static Optional<String> accessControl(Origin origin) {
    return switch (origin.type()) {
      case Origin.S3(Optional<String> id, _) -> id;
      case Origin.Custom _ -> Optional.empty();
    };
  }

  /** What a distribution's behaviors refer to, and when that last changed. */
  private static final class References {
    private final Distribution distribution;
    private final Snapshot snapshot;
    private long revision;

    References(Distribution distribution, Snapshot snapshot) {
      this.distribution = distribution;
      this.snapshot = snapshot;
    }

    void find(Behavior behavior) {
      policy(behavior);
      control(distribution.origin(behavior.originId()));
    }

    Match.Found route(Site site, Behavior behavior) {
      Origin origin = distribution.origin(behavior.originId());
      return new Match.Found(new Route(site, behavior, policy(behavior), origin, control(origin)));
    }

    private CachePolicy policy(Behavior behavior) {
      return behavior
          .legacy()
          .orElseGet(
              () -> (CachePolicy) get(Kind.CACHE_POLICY, behavior.cachePolicyId().orElseThrow()));
    }

    private Optional<OriginAccessControl> control(Origin origin) {
      return accessControl(origin)
          .map(id -> (OriginAccessControl) get(Kind.ORIGIN_ACCESS_CONTROL, id));
    }

    private Resource get(Kind kind, String id) {
      Versioned found =
          snapshot
              .find(kind, id)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "distribution %s refers to %s %s, which is not there"
                          .formatted(distribution.id(), kind, id)));
      revision = Math.max(revision, found.revision());
      return found.resource();
    }
  }
}
