package warmfront.edge.behavior;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.LocationName;
import warmfront.distribution.Trial;
import warmfront.edge.step.Match;
import warmfront.edge.step.Route;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * Every distribution of a snapshot, found by Host and path. An exact name beats a wildcard alias,
 * and a longer wildcard a shorter one; {@code *.example.com} stands for names at any depth below it
 * (CloudFront, "Using alternate domain names"). Immutable; read by any thread.
 */
public final class Sites {
  /** What came of compiling a snapshot. */
  public sealed interface Compilation {
    /** All of it could be compiled. */
    record Compiled(Sites sites) implements Compilation {}

    /**
     * Something in it cannot be served.
     *
     * @param revision of the entry that brought it
     * @param reason what is wrong, for the operator
     */
    record Rejected(long revision, String reason) implements Compilation {}
  }

  private static final Sites EMPTY =
      new Sites(Names.empty(), Names.empty(), Names.empty(), StreamRoutes.empty());
  private static final String WILDCARD = "*.";

  /** What a distribution is compiled from beside itself. */
  private static final Set<Kind> REFERRED =
      EnumSet.of(
          Kind.CACHE_POLICY,
          Kind.ORIGIN_REQUEST_POLICY,
          Kind.RESPONSE_HEADERS_POLICY,
          Kind.ORIGIN_ACCESS_CONTROL,
          Kind.CONTINUOUS_DEPLOYMENT_POLICY,
          Kind.VPC_ORIGIN,
          Kind.TRUST_STORE,
          Kind.CERTIFICATE,
          Kind.FIELD_LEVEL_ENCRYPTION_CONFIG,
          Kind.FIELD_LEVEL_ENCRYPTION_PROFILE,
          Kind.PUBLIC_KEY,
          Kind.KEY_GROUP);

  private final Names<CompiledSite> exact;
  private final Names<CompiledSite> wildcards;
  private final Names<CompiledSite> byId;
  private final StreamRoutes streams;

  private Sites(
      Names<CompiledSite> exact,
      Names<CompiledSite> wildcards,
      Names<CompiledSite> byId,
      StreamRoutes streams) {
    this.exact = exact;
    this.wildcards = wildcards;
    this.byId = byId;
    this.streams = streams;
  }

  /** Returns a picture without distributions. */
  public static Sites empty() {
    return EMPTY;
  }

  /**
   * Finds the route of a request.
   *
   * @param host lower case, without a port
   * @param path the raw path, begins with a slash
   */
  public Match match(String host, String path) {
    @Nullable CompiledSite site = exact.find(host);
    if (site == null) {
      site = atOneLocation(host);
    }
    if (site == null) {
      site = wildcard(host);
    }
    if (site == null) {
      return new Match.Unknown(host);
    }
    Trial part = site.distribution().entrance().trial();
    return part.isNone() ? site.match(path) : tried(site, part, host, path);
  }

  /**
   * A staging distribution serves viewers of another's names, by its policy, and none of its own.
   */
  private Match tried(CompiledSite site, Trial part, String host, String path) {
    if (part.staging()) {
      return new Match.Unknown(host);
    }
    @Nullable Versioned trial = site.trial();
    if (trial == null) {
      return site.match(path);
    }
    var policy = (ContinuousDeploymentPolicy) trial.resource();
    @Nullable CompiledSite staged = exact.find(policy.stagingName());
    return staged == null || !staged.distribution().enabled()
        ? site.match(path)
        : new Match.Split(
            site.match(path).route(), staged.match(path).route(), policy, trial.revision());
  }

  /**
   * Finds the route of what another server asks for, where it was matched: objects of streaming
   * distributions are among it, and nothing that is staged.
   *
   * @param path the raw path by which it was matched there
   */
  public Match matchForPeer(String host, String path) {
    return switch (match(host, path)) {
      case Match.Found web -> web;
      case Match.Split split -> new Match.Found(split.primary());
      case Match.Unknown unknown ->
          streams.named(host).<Match>map(Match.Found::new).orElse(unknown);
    };
  }

  /**
   * Returns the route of another path of a distribution, be it one that few viewers are given.
   *
   * @param route any of the distribution's
   * @param path a raw path, begins with a slash
   * @return empty if the distribution has gone meanwhile
   */
  public Optional<Route> within(Route route, String path) {
    @Nullable CompiledSite site = byId.find(route.site().distribution().id());
    return site == null ? Optional.empty() : Optional.of(site.match(path).route());
  }

  /**
   * Returns the route of a streaming distribution, a disabled one's too; empty if there is none.
   */
  public Optional<Route> stream(String id) {
    return streams.find(id);
  }

  /**
   * A distribution has a name at each location, whether it redirects or not: the edge that a viewer
   * is sent to may hear of the wish later than the one that sends it.
   */
  private @Nullable CompiledSite atOneLocation(String host) {
    Optional<String> own = LocationName.domainName(host);
    @Nullable CompiledSite site = own.isEmpty() ? null : exact.find(own.get());
    return site != null && site.distribution().domainName().equals(own.get()) ? site : null;
  }

  private @Nullable CompiledSite wildcard(String host) {
    if (wildcards.size() == 0) {
      return null;
    }
    for (int dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      @Nullable CompiledSite site = wildcards.find(host.substring(dot + 1));
      if (site != null) {
        return site;
      }
    }
    return null;
  }

  /** Returns the number of distributions, disabled ones included. */
  public int size() {
    return byId.size();
  }

  /**
   * Compiles the picture that follows this one. Routes that nothing changed in stay the same
   * objects.
   *
   * @param changes what changed since the snapshot that this was compiled from; empty to compile
   *     all anew
   */
  public Compilation next(Snapshot snapshot, List<Entry> changes) {
    Map<String, Long> touched = changes.isEmpty() ? all(snapshot) : touched(changes);
    try {
      StreamRoutes next = streams.next(snapshot, changes);
      if (touched.isEmpty() && next == streams) {
        return new Compilation.Compiled(this);
      }
      return (changes.isEmpty() ? EMPTY : this).compile(snapshot, touched, next);
    } catch (StreamRoutes.Unserved e) {
      return new Compilation.Rejected(e.revision(), String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Long> all(Snapshot snapshot) {
    Map<String, Long> all = new TreeMap<>();
    for (Versioned one : snapshot.versioned(Kind.DISTRIBUTION)) {
      all.put(one.resource().id(), one.revision());
    }
    return all;
  }

  /** Returns the distributions that the changes reach, each with the revision that does. */
  private Map<String, Long> touched(List<Entry> changes) {
    Map<String, Long> touched = new LinkedHashMap<>();
    for (Entry entry : changes) {
      if (entry.kind() == Kind.DISTRIBUTION) {
        touched.put(entry.id(), entry.revision());
      } else if (REFERRED.contains(entry.kind())) {
        byId.forEach(site -> {
          if (site.refersTo(entry.kind(), entry.id())) {
            touched.put(site.distribution().id(), entry.revision());
          }
        });
      }
    }
    return touched;
  }

  private Compilation compile(
      Snapshot snapshot, Map<String, Long> touched, StreamRoutes nextStreams) {
    var edit = new Edit(exact.edit(), wildcards.edit(), byId.edit());
    touched.keySet().forEach(edit::remove);
    for (Map.Entry<String, Long> one : touched.entrySet()) {
      @Nullable Versioned now = snapshot.find(Kind.DISTRIBUTION, one.getKey()).orElse(null);
      if (now == null) {
        continue;
      }
      try {
        edit.add(CompiledSite.of(now, snapshot));
      } catch (IllegalArgumentException e) {
        return new Compilation.Rejected(one.getValue(), String.valueOf(e.getMessage()));
      }
    }
    return new Compilation.Compiled(
        new Sites(edit.exact.build(), edit.wildcards.build(), edit.byId.build(), nextStreams));
  }

  /** A picture while it is being changed. */
  private record Edit(
      Names.Edit<CompiledSite> exact,
      Names.Edit<CompiledSite> wildcards,
      Names.Edit<CompiledSite> byId) {
    void remove(String id) {
      @Nullable CompiledSite before = byId.remove(id);
      if (before != null) {
        for (String name : names(before.distribution())) {
          table(name).remove(key(name));
        }
      }
    }

    void add(CompiledSite site) {
      byId.put(site.distribution().id(), site);
      for (String name : names(site.distribution())) {
        @Nullable CompiledSite other = table(name).put(key(name), site);
        if (other != null && other != site) {
          throw new IllegalArgumentException(
              "distribution %s has the name %s, which is that of %s"
                  .formatted(site.distribution().id(), name, other.distribution().id()));
        }
      }
    }

    private static List<String> names(Distribution distribution) {
      List<String> names = new ArrayList<>(distribution.aliases());
      names.add(distribution.domainName());
      return names;
    }

    private Names.Edit<CompiledSite> table(String name) {
      return name.startsWith(WILDCARD) ? wildcards : exact;
    }

    private static String key(String name) {
      return name.startsWith(WILDCARD) ? name.substring(WILDCARD.length()) : name;
    }
  }
}
