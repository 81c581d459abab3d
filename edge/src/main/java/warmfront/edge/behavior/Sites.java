package warmfront.edge.behavior;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Kind;
import warmfront.distribution.LocationName;
import warmfront.distribution.Tenant;
import warmfront.distribution.Trial;
import warmfront.edge.step.Match;
import warmfront.edge.step.Route;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * Every distribution of a snapshot and every tenant, found by Host and path. An exact name beats a
 * wildcard alias, and a longer wildcard a shorter one; {@code *.example.com} stands for names at
 * any depth below it (CloudFront, "Using alternate domain names"). Immutable; read by any thread.
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
      new Sites(
          Names.empty(),
          Names.empty(),
          Names.empty(),
          Names.empty(),
          Referrers.none(),
          StreamRoutes.empty());
  private static final String WILDCARD = "*.";

  private final Names<Compiled> exact;
  private final Names<Compiled> wildcards;
  private final Names<CompiledSite> byId;
  private final Names<CompiledTenant> tenants;

  /** The ids of distributions and tenants, which never are the same. */
  private final Referrers referrers;

  private final StreamRoutes streams;

  private Sites(
      Names<Compiled> exact,
      Names<Compiled> wildcards,
      Names<CompiledSite> byId,
      Names<CompiledTenant> tenants,
      Referrers referrers,
      StreamRoutes streams) {
    this.exact = exact;
    this.wildcards = wildcards;
    this.byId = byId;
    this.tenants = tenants;
    this.referrers = referrers;
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
    @Nullable Compiled site = exact.find(host);
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
  private Match tried(Compiled site, Trial part, String host, String path) {
    if (part.staging()) {
      return new Match.Unknown(host);
    }
    @Nullable Versioned trial = site instanceof CompiledSite whole ? whole.trial() : null;
    if (trial == null) {
      return site.match(path);
    }
    var policy = (ContinuousDeploymentPolicy) trial.resource();
    @Nullable Compiled staged = exact.find(policy.stagingName());
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
    Optional<String> tenant = route.site().tenant();
    @Nullable Compiled site =
        tenant.isPresent()
            ? tenants.find(tenant.get())
            : byId.find(route.site().distribution().id());
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
  private @Nullable Compiled atOneLocation(String host) {
    Optional<String> own = LocationName.domainName(host);
    @Nullable Compiled site = own.isEmpty() ? null : exact.find(own.get());
    return site != null && site.distribution().domainName().equals(own.get()) ? site : null;
  }

  private @Nullable Compiled wildcard(String host) {
    if (wildcards.size() == 0) {
      return null;
    }
    for (int dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      @Nullable Compiled site = wildcards.find(host.substring(dot + 1));
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
    Touched touched = changes.isEmpty() ? Touched.all(snapshot) : touched(changes);
    try {
      StreamRoutes next = streams.next(snapshot, changes);
      if (touched.isNone() && next == streams) {
        return new Compilation.Compiled(this);
      }
      return (changes.isEmpty() ? EMPTY : this).compile(snapshot, touched, next);
    } catch (StreamRoutes.Unserved e) {
      return new Compilation.Rejected(e.revision(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * What changes reach, by id, each with the revision that does.
   *
   * @param sites the distributions
   * @param tenants the tenants, those of these distributions among them
   */
  private record Touched(Map<String, Long> sites, Map<String, Long> tenants) {
    static Touched all(Snapshot snapshot) {
      return new Touched(all(snapshot, Kind.DISTRIBUTION), all(snapshot, Kind.TENANT));
    }

    private static Map<String, Long> all(Snapshot snapshot, Kind kind) {
      Map<String, Long> all = new TreeMap<>();
      for (Versioned one : snapshot.versioned(kind)) {
        all.put(one.resource().id(), one.revision());
      }
      return all;
    }

    boolean isNone() {
      return sites.isEmpty() && tenants.isEmpty();
    }
  }

  private Touched touched(List<Entry> changes) {
    var touched = new Touched(new LinkedHashMap<>(), new LinkedHashMap<>());
    for (Entry entry : changes) {
      switch (entry.kind()) {
        case DISTRIBUTION, LOG_DELIVERIES -> touched.sites.put(entry.id(), entry.revision());
        case TENANT -> touched.tenants.put(entry.id(), entry.revision());
        case CONNECTION_GROUP -> touchTenants(touched, entry.kind(), entry.id(), entry.revision());
        default -> {
          for (Reference what :
              List.of(new Reference(entry.kind(), entry.id()), Reference.every(entry.kind()))) {
            referrers.of(what).forEach(id -> touched.sites.put(id, entry.revision()));
          }
        }
      }
    }
    touched.sites.forEach((id, at) -> touchTenants(touched, Kind.DISTRIBUTION, id, at));
    return touched;
  }

  private void touchTenants(Touched touched, Kind of, String id, long at) {
    referrers.of(new Reference(of, id)).forEach(tenant -> touched.tenants.putIfAbsent(tenant, at));
  }

  private Compilation compile(Snapshot snapshot, Touched touched, StreamRoutes nextStreams) {
    var edit = new Edit(exact.edit(), wildcards.edit(), referrers);
    Names.Edit<CompiledSite> sites = byId.edit();
    Names.Edit<CompiledTenant> guests = tenants.edit();
    touched.sites.keySet().forEach(id -> edit.remove(id, sites.remove(id)));
    touched.tenants.keySet().forEach(id -> edit.remove(id, guests.remove(id)));
    long at = 0;
    try {
      for (Map.Entry<String, Long> one : touched.sites.entrySet()) {
        at = one.getValue();
        @Nullable Versioned now = snapshot.find(Kind.DISTRIBUTION, one.getKey()).orElse(null);
        if (now != null) {
          CompiledSite site = CompiledSite.of(now, snapshot);
          sites.put(one.getKey(), site);
          edit.add(one.getKey(), site);
        }
      }
      Names<CompiledSite> shared = sites.build();
      for (Map.Entry<String, Long> one : touched.tenants.entrySet()) {
        at = one.getValue();
        @Nullable Versioned now = snapshot.find(Kind.TENANT, one.getKey()).orElse(null);
        if (now != null) {
          String of = ((Tenant) now.resource()).distributionId();
          CompiledTenant tenant = CompiledTenant.of(now, shared.find(of), snapshot);
          guests.put(one.getKey(), tenant);
          edit.add(one.getKey(), tenant);
        }
      }
      return new Compilation.Compiled(
          new Sites(
              edit.exact.build(),
              edit.wildcards.build(),
              shared,
              guests.build(),
              edit.referrers,
              nextStreams));
    } catch (IllegalArgumentException e) {
      return new Compilation.Rejected(at, String.valueOf(e.getMessage()));
    }
  }

  /** The names of a picture and who refers to what, while it is being changed. */
  private static final class Edit {
    private final Names.Edit<Compiled> exact;
    private final Names.Edit<Compiled> wildcards;
    private Referrers referrers;

    Edit(Names.Edit<Compiled> exact, Names.Edit<Compiled> wildcards, Referrers referrers) {
      this.exact = exact;
      this.wildcards = wildcards;
      this.referrers = referrers;
    }

    void remove(String id, @Nullable Compiled before) {
      if (before != null) {
        for (String name : before.names()) {
          table(name).remove(key(name));
        }
        referrers = referrers.without(id, before.references());
      }
    }

    void add(String id, Compiled made) {
      for (String name : made.names()) {
        @Nullable Compiled other = table(name).put(key(name), made);
        if (other != null && other != made) {
          throw new IllegalArgumentException(
              "%s has the name %s, which is that of %s"
                  .formatted(made.title(), name, other.title()));
        }
      }
      referrers = referrers.with(id, made.references());
    }

    private Names.Edit<Compiled> table(String name) {
      return name.startsWith(WILDCARD) ? wildcards : exact;
    }

    private static String key(String name) {
      return name.startsWith(WILDCARD) ? name.substring(WILDCARD.length()) : name;
    }
  }
}
