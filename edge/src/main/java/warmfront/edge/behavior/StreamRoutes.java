package warmfront.edge.behavior;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Kind;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Remedies;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Wishes;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * Every streaming distribution of a snapshot, as the one route that its objects are fetched and
 * kept by. Viewers do not find them by Host: they come over RTMP. Immutable; read by any thread.
 */
final class StreamRoutes {
  private static final String BUCKET = "bucket";
  private static final Set<Method> READ = Set.of(Method.GET, Method.HEAD);

  /** CloudFront, "RTMP distributions": at least an hour, a day where the bucket says nothing. */
  private static final Duration MIN_TTL = Duration.ofHours(1);

  private static final Duration DEFAULT_TTL = Duration.ofDays(1);
  private static final Duration MAX_TTL = Duration.ofDays(365);

  /** What CloudFront sets for a bucket: three attempts of 10 s, 30 s for an answer. */
  private static final int ATTEMPTS = 3;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final StreamRoutes EMPTY = new StreamRoutes(Map.of());

  private final Map<String, Route> byId;
  private final Map<String, Route> byName = new HashMap<>();

  private StreamRoutes(Map<String, Route> byId) {
    this.byId = byId;
    byId.values().forEach(route -> byName.put(route.site().distribution().domainName(), route));
  }

  /** Returns a picture without any. */
  static StreamRoutes empty() {
    return EMPTY;
  }

  /** Returns the route of a distribution, a disabled one's too; empty if it is not there. */
  Optional<Route> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Returns the route of the distribution with this name of its own. */
  Optional<Route> named(String host) {
    return Optional.ofNullable(byName.get(host));
  }

  /**
   * Compiles the picture that follows this one; routes that nothing changed in stay the same.
   *
   * @param changes what changed since; empty to compile all anew
   * @throws Unserved if one refers to what the snapshot does not have
   */
  StreamRoutes next(Snapshot snapshot, List<Entry> changes) throws Unserved {
    Map<String, Long> touched = changes.isEmpty() ? all(snapshot) : touched(changes);
    if (touched.isEmpty()) {
      return changes.isEmpty() ? EMPTY : this;
    }
    Map<String, Route> routes = new HashMap<>(changes.isEmpty() ? Map.of() : byId);
    for (Map.Entry<String, Long> one : touched.entrySet()) {
      @Nullable Versioned now =
          snapshot.find(Kind.STREAMING_DISTRIBUTION, one.getKey()).orElse(null);
      if (now == null) {
        routes.remove(one.getKey());
      } else {
        routes.put(one.getKey(), route(now, one.getValue(), snapshot));
      }
    }
    return new StreamRoutes(Map.copyOf(routes));
  }

  private static Map<String, Long> all(Snapshot snapshot) {
    Map<String, Long> all = new TreeMap<>();
    for (Versioned one : snapshot.versioned(Kind.STREAMING_DISTRIBUTION)) {
      all.put(one.resource().id(), one.revision());
    }
    return all;
  }

  private Map<String, Long> touched(List<Entry> changes) {
    Map<String, Long> touched = new TreeMap<>();
    for (Entry entry : changes) {
      if (entry.kind() == Kind.STREAMING_DISTRIBUTION) {
        touched.put(entry.id(), entry.revision());
      } else if (entry.kind() == Kind.ORIGIN_ACCESS_CONTROL) {
        byId.forEach((id, route) -> {
          if (route.accessControl().filter(it -> it.id().equals(entry.id())).isPresent()) {
            touched.put(id, entry.revision());
          }
        });
      }
    }
    return touched;
  }

  private static Route route(Versioned versioned, long at, Snapshot snapshot) throws Unserved {
    var streaming = (StreamingDistribution) versioned.resource();
    var origin =
        new Origin(
            BUCKET,
            streaming.bucket(),
            "",
            Fields.empty(),
            new Origin.S3(streaming.accessControl(), ANSWER),
            ATTEMPTS,
            CONNECT);
    CachePolicy policy = policy(streaming.id());
    Behavior behavior =
        new Behavior(
            "*",
            BUCKET,
            ViewerProtocol.ALLOW_ALL,
            READ,
            READ,
            Optional.empty(),
            Optional.of(policy),
            Behavior.Options.NONE);
    Optional<OriginAccessControl> control = Optional.empty();
    if (streaming.accessControl().isPresent()) {
      control = Optional.of(control(streaming, at, snapshot));
    }
    return new Route(
        new Site(asWeb(streaming, origin, behavior), at), behavior, policy, origin, control);
  }

  private static CachePolicy policy(String id) {
    return new CachePolicy(
        id,
        id,
        MIN_TTL,
        DEFAULT_TTL,
        MAX_TTL,
        false,
        false,
        NameSet.NONE,
        NameSet.NONE,
        NameSet.NONE);
  }

  private static OriginAccessControl control(
      StreamingDistribution streaming, long at, Snapshot snapshot) throws Unserved {
    String id = streaming.accessControl().orElseThrow();
    return snapshot
        .find(Kind.ORIGIN_ACCESS_CONTROL, id)
        .map(found -> (OriginAccessControl) found.resource())
        .orElseThrow(() ->
            new Unserved(
                at,
                "streaming distribution %s refers to %s %s, which is not there"
                    .formatted(streaming.id(), Kind.ORIGIN_ACCESS_CONTROL, id)));
  }

  private static Distribution asWeb(
      StreamingDistribution streaming, Origin origin, Behavior behavior) {
    return new Distribution(
        streaming.id(),
        streaming.domainName(),
        streaming.enabled(),
        List.of(),
        "",
        false,
        false,
        streaming.priceClass(),
        List.of(origin),
        List.of(),
        behavior,
        Map.of(),
        streaming
            .logging()
            .map(logging -> new Distribution.Logging(logging.bucket(), logging.prefix(), false)),
        Optional.empty(),
        Wishes.NONE,
        Entrance.PLAIN,
        Remedies.NONE);
  }

  /** Something of a snapshot cannot be served. */
  static final class Unserved extends Exception {
    private static final long serialVersionUID = 1;

    private final long revision;

    private Unserved(long revision, String reason) {
      super(reason);
      this.revision = revision;
    }

    /** Returns the revision of the entry that brought it. */
    long revision() {
      return revision;
    }
  }
}
