package warmfront.edge.behavior;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.Origin;
import warmfront.distribution.Placeholders;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Match;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/** A distribution with its patterns and routes ready to be asked. Immutable. */
final class CompiledSite implements Compiled {
  private final List<PathPattern> patterns;
  private final List<Match.Found> found;
  private final Match.Found otherwise;
  private final References references;
  private final @Nullable Versioned trial;
  private final List<Origin> withParameters;

  private CompiledSite(
      List<PathPattern> patterns,
      List<Match.Found> found,
      Match.Found otherwise,
      References references,
      @Nullable Versioned trial) {
    this.patterns = patterns;
    this.found = found;
    this.otherwise = otherwise;
    this.references = references;
    this.trial = trial;
    this.withParameters = withParameters(found, otherwise);
  }

  private static List<Origin> withParameters(List<Match.Found> found, Match.Found otherwise) {
    Map<String, Origin> all = new LinkedHashMap<>();
    for (Match.Found one : found) {
      add(one.route(), all);
    }
    add(otherwise.route(), all);
    return List.copyOf(all.values());
  }

  private static void add(Route route, Map<String, Origin> all) {
    Origin origin = route.origin();
    if (!Placeholders.isPlain(origin.domainName()) || !Placeholders.isPlain(origin.path())) {
      all.put(origin.id(), origin);
    }
    route.failover().ifPresent(other -> add(other.second(), all));
  }

  /**
   * Compiles a distribution.
   *
   * @throws IllegalArgumentException if it refers to what the snapshot does not have
   */
  static CompiledSite of(Versioned versioned, Snapshot snapshot) {
    var references = new References(versioned, snapshot);
    Distribution distribution = references.distribution();
    @Nullable Versioned trial = references.trial();
    // When any of its parts last changed is known only once all of them are found.
    var unfinished = new Site(distribution, versioned.revision());
    distribution.behaviors().forEach(behavior -> references.route(unfinished, behavior));
    references.route(unfinished, distribution.defaultBehavior());
    Optional<ClientCheck> clients = references.clients();
    List<LogDeliveries.Delivery> deliveries = references.deliveries();
    var site = new Site(distribution, references.revision(), clients, deliveries);
    List<PathPattern> patterns = new ArrayList<>();
    List<Match.Found> found = new ArrayList<>();
    for (Behavior behavior : distribution.behaviors()) {
      patterns.add(new PathPattern(behavior.pathPattern()));
      found.add(new Match.Found(references.route(site, behavior)));
    }
    return new CompiledSite(
        List.copyOf(patterns),
        List.copyOf(found),
        new Match.Found(references.route(site, distribution.defaultBehavior())),
        references,
        trial);
  }

  @Override
  public Match.Found match(String path) {
    return patterns.isEmpty() ? otherwise : at(place(path));
  }

  /** Returns the place of the first behavior whose pattern matches, the default's for none. */
  int place(String path) {
    if (patterns.isEmpty()) {
      return 0;
    }
    String normal = NormalPath.of(path);
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(normal)) {
        return i;
      }
    }
    return patterns.size();
  }

  /** Returns the route of the behavior at a place. */
  Match.Found at(int place) {
    return place < found.size() ? found.get(place) : otherwise;
  }

  /** Returns the number of behaviors, the default among them. */
  int size() {
    return found.size() + 1;
  }

  /** Returns the origins that its tenants' values have a place in, each once. */
  List<Origin> withParameters() {
    return withParameters;
  }

  /** Returns the revision of the last change to it or anything it refers to. */
  long revision() {
    return references.revision();
  }

  /**
   * Returns the continuous deployment policy that sends some of its viewers elsewhere; null if none
   * does.
   */
  @Nullable Versioned trial() {
    return trial;
  }

  @Override
  public Distribution distribution() {
    return references.distribution();
  }

  @Override
  public String title() {
    return "distribution " + distribution().id();
  }

  /** A multi-tenant distribution has none: its tenants have. */
  @Override
  public List<String> names() {
    if (distribution().entrance().tenancy().isPresent()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(distribution().aliases());
    names.add(distribution().domainName());
    return names;
  }

  @Override
  public Set<Reference> references() {
    return references.all();
  }
}
