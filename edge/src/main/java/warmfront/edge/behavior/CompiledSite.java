package warmfront.edge.behavior;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.Remedies.OriginGroup;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.VpcOrigin;
import warmfront.edge.step.Failover;
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
  private final Set<Reference> references;
  private final @Nullable Versioned trial;

  private CompiledSite(
      References references,
      List<PathPattern> patterns,
      List<Match.Found> found,
      Match.Found otherwise) {
    this.distribution = references.distribution;
    this.references = Set.copyOf(references.all);
    this.trial = references.trial();
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
    references.trial();
    var site = new Site(distribution, Math.max(versioned.revision(), references.revision));
    List<PathPattern> patterns = new ArrayList<>();
    List<Match.Found> found = new ArrayList<>();
    for (Behavior behavior : distribution.behaviors()) {
      patterns.add(new PathPattern(behavior.pathPattern()));
      found.add(references.route(site, behavior));
    }
    return new CompiledSite(
        references,
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

  /**
   * Returns the continuous deployment policy that sends some of its viewers elsewhere; null if none
   * does.
   */
  @Nullable Versioned trial() {
    return trial;
  }

  /** Returns the distribution it was compiled from. */
  Distribution distribution() {
    return distribution;
  }

  /** Returns whether it was compiled from this resource, among others. */
  boolean refersTo(Kind kind, String id) {
    return references.contains(new Reference(kind, id));
  }

  /** A resource that a distribution refers to. */
  private record Reference(Kind kind, String id) {}

  private static Optional<String> accessControl(Origin origin) {
    return switch (origin.type()) {
      case Origin.S3(Optional<String> id, _) -> id;
      case Origin.Custom _ -> origin.reach().accessControl();
    };
  }

  /** What a distribution's behaviors refer to, and when that last changed. */
  private static final class References {
    private final Distribution distribution;
    private final Snapshot snapshot;
    private final Set<Reference> all = new HashSet<>();
    private long revision;

    References(Distribution distribution, Snapshot snapshot) {
      this.distribution = distribution;
      this.snapshot = snapshot;
    }

    void find(Behavior behavior) {
      policy(behavior);
      requestPolicy(behavior);
      responseHeaders(behavior);
      Optional<OriginGroup> group = group(behavior);
      find(first(behavior, group));
      group.ifPresent(both -> find(both.secondary()));
    }

    private void find(String originId) {
      Origin origin = distribution.origin(originId);
      control(origin);
      vpcOrigin(origin);
    }

    Match.Found route(Site site, Behavior behavior) {
      Optional<OriginGroup> group = group(behavior);
      Route first = toward(site, behavior, first(behavior, group));
      return new Match.Found(
          group
              .map(both ->
                  first.failingOverTo(
                      new Failover(toward(site, behavior, both.secondary()), both.statuses())))
              .orElse(first));
    }

    private Optional<OriginGroup> group(Behavior behavior) {
      return distribution.remedies().group(behavior.originId());
    }

    private static String first(Behavior behavior, Optional<OriginGroup> group) {
      return group.map(OriginGroup::primary).orElse(behavior.originId());
    }

    private Route toward(Site site, Behavior behavior, String originId) {
      Origin origin = distribution.origin(originId);
      Optional<VpcOrigin> inside = vpcOrigin(origin);
      Route plain =
          new Route(
              site,
              behavior,
              policy(behavior),
              inside.map(there -> at(origin, there)).orElse(origin),
              control(origin));
      Route reached = inside.map(there -> plain.reachedAt(there.host())).orElse(plain);
      Route asking = requestPolicy(behavior).map(reached::asking).orElse(reached);
      return responseHeaders(behavior).map(asking::with).orElse(asking);
    }

    private Optional<VpcOrigin> vpcOrigin(Origin origin) {
      return origin.reach().vpcOrigin().map(id -> (VpcOrigin) get(Kind.VPC_ORIGIN, id));
    }

    /** The VPC origin says at which ports it is asked, and how; the origin how patiently. */
    private static Origin at(Origin origin, VpcOrigin there) {
      return switch (origin.type()) {
        case Origin.S3 _ -> origin;
        case Origin.Custom custom ->
            new Origin(
                origin.id(),
                origin.domainName(),
                origin.path(),
                origin.headers(),
                new Origin.Custom(
                    there.httpPort(),
                    there.httpsPort(),
                    there.protocol(),
                    there.sslProtocols(),
                    custom.readTimeout(),
                    custom.keepAlive()),
                origin.attempts(),
                origin.connectTimeout(),
                origin.reach());
      };
    }

    private CachePolicy policy(Behavior behavior) {
      return behavior
          .legacy()
          .orElseGet(
              () -> (CachePolicy) get(Kind.CACHE_POLICY, behavior.cachePolicyId().orElseThrow()));
    }

    private Optional<OriginRequestPolicy> requestPolicy(Behavior behavior) {
      return behavior
          .options()
          .originRequestPolicyId()
          .map(id -> (OriginRequestPolicy) get(Kind.ORIGIN_REQUEST_POLICY, id));
    }

    private Optional<OriginAccessControl> control(Origin origin) {
      return accessControl(origin)
          .map(id -> (OriginAccessControl) get(Kind.ORIGIN_ACCESS_CONTROL, id));
    }

    @Nullable Versioned trial() {
      return distribution
          .entrance()
          .trial()
          .policyId()
          .map(id -> find(Kind.CONTINUOUS_DEPLOYMENT_POLICY, id))
          .filter(found -> ((ContinuousDeploymentPolicy) found.resource()).enabled())
          .orElse(null);
    }

    private Optional<ResponseHeadersPolicy> responseHeaders(Behavior behavior) {
      return behavior
          .options()
          .responseHeadersPolicyId()
          .map(id -> (ResponseHeadersPolicy) get(Kind.RESPONSE_HEADERS_POLICY, id));
    }

    private Resource get(Kind kind, String id) {
      return find(kind, id).resource();
    }

    private Versioned find(Kind kind, String id) {
      Versioned found =
          snapshot
              .find(kind, id)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "distribution %s refers to %s %s, which is not there"
                          .formatted(distribution.id(), kind, id)));
      all.add(new Reference(kind, id));
      revision = Math.max(revision, found.revision());
      return found;
    }
  }
}
