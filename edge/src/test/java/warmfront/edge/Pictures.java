package warmfront.edge;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.Wishes;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/** Distributions, policies and snapshots as the tests of the edge need them. */
public final class Pictures {
  /** The methods that every behavior allows. */
  public static final Set<Method> READ = Set.of(Method.GET, Method.HEAD);

  /** All seven methods. */
  public static final Set<Method> ALL =
      Set.of(
          Method.GET,
          Method.HEAD,
          Method.OPTIONS,
          Method.PUT,
          Method.POST,
          Method.PATCH,
          Method.DELETE);

  private Pictures() {}

  /** Returns a policy as CloudFront's CachingOptimized, under another id. */
  public static CachePolicy policy(String id) {
    return policy(id, NameSet.NONE, NameSet.NONE, NameSet.NONE);
  }

  /** Returns a policy with these things in its key. */
  public static CachePolicy policy(String id, NameSet headers, NameSet cookies, NameSet queries) {
    return new CachePolicy(
        id,
        id,
        Duration.ofSeconds(1),
        Duration.ofDays(1),
        Duration.ofDays(365),
        true,
        true,
        headers,
        cookies,
        queries);
  }

  /** Returns a policy under which nothing is cached. */
  public static CachePolicy noCaching(String id) {
    return new CachePolicy(
        id,
        id,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        false,
        false,
        NameSet.NONE,
        NameSet.NONE,
        NameSet.NONE);
  }

  /** Returns a behavior that reads under a policy. */
  public static Behavior behavior(String pattern, String policyId) {
    return behavior(pattern, policyId, ViewerProtocol.ALLOW_ALL, READ);
  }

  /** Returns a behavior under a policy. */
  public static Behavior behavior(
      String pattern, String policyId, ViewerProtocol protocol, Set<Method> allowed) {
    return new Behavior(
        pattern,
        "site",
        protocol,
        allowed,
        READ,
        Optional.of(policyId),
        Optional.empty(),
        Behavior.Options.NONE);
  }

  /** Returns a behavior without a policy, all methods allowed. */
  public static Behavior legacy(CachePolicy settings) {
    return new Behavior(
        "*",
        "site",
        ViewerProtocol.ALLOW_ALL,
        ALL,
        READ,
        Optional.empty(),
        Optional.of(settings),
        Behavior.Options.NONE);
  }

  /** Returns an origin request policy. */
  public static OriginRequestPolicy asking(
      HeaderMode headers, List<String> names, NameSet cookies, NameSet queries) {
    return new OriginRequestPolicy("A", "A", headers, names, cookies, queries);
  }

  /** Returns an origin request policy of headers alone. */
  public static OriginRequestPolicy asking(HeaderMode headers, String... names) {
    return asking(headers, List.of(names), NameSet.NONE, NameSet.NONE);
  }

  /** Returns an origin named "site" that is a bucket. */
  public static Origin bucket() {
    return new Origin(
        "site",
        "site.s3.amazonaws.com",
        "",
        Fields.empty(),
        new Origin.S3(Optional.empty(), Duration.ofSeconds(30)),
        1,
        Duration.ofSeconds(2));
  }

  /** Returns an origin named "site" that speaks plain HTTP at a port. */
  public static Origin origin(String domainName, int port) {
    return new Origin(
        "site",
        domainName,
        "",
        Fields.empty(),
        new Origin.Custom(
            port,
            443,
            Origin.Protocol.HTTP_ONLY,
            List.of("TLSv1.2"),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5)),
        1,
        Duration.ofSeconds(2));
  }

  /** Returns an enabled distribution with one origin and these behaviors. */
  public static Distribution distribution(
      String id, List<String> aliases, Behavior otherwise, Behavior... behaviors) {
    return distribution(id, aliases, origin("origin.test", 80), otherwise, behaviors);
  }

  /** Returns an enabled distribution with this origin and these behaviors. */
  public static Distribution distribution(
      String id, List<String> aliases, Origin origin, Behavior otherwise, Behavior... behaviors) {
    return new Distribution(
        id,
        id.toLowerCase(Locale.ROOT) + ".warmfront.localhost",
        true,
        aliases,
        "",
        true,
        true,
        PriceClass.PRICE_CLASS_ALL,
        List.of(origin),
        List.of(behaviors),
        otherwise,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Wishes.NONE,
        Entrance.PLAIN,
        Remedies.NONE);
  }

  /** Returns the route of a distribution's default behavior. */
  public static Route route(Distribution distribution, CachePolicy policy) {
    return new Route(
        new Site(distribution, 1),
        distribution.defaultBehavior(),
        policy,
        distribution.origins().getFirst(),
        Optional.empty());
  }

  /** Returns the entry that puts a resource after a snapshot. */
  public static Entry put(Snapshot after, Resource resource) {
    return new Entry(
        after.epoch(),
        after.revision() + 1,
        resource.kind(),
        resource.id(),
        Set.of(),
        Optional.of(resource),
        Chain.EMPTY,
        true);
  }

  /** Returns the entry that takes a resource out of a snapshot. */
  public static Entry gone(Snapshot after, Resource resource) {
    return new Entry(
        after.epoch(),
        after.revision() + 1,
        resource.kind(),
        resource.id(),
        Set.of(),
        Optional.empty(),
        Chain.EMPTY,
        true);
  }

  /** Returns a snapshot made by one entry per resource. */
  public static Snapshot snapshot(Resource... resources) {
    Snapshot snapshot = Snapshot.empty();
    for (Resource resource : resources) {
      snapshot = snapshot.after(put(snapshot, resource));
    }
    return snapshot;
  }
}
