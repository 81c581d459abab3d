package warmfront.edge.behavior;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Match;
import warmfront.edge.step.Site;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/** A distribution with its patterns and routes ready to be asked. Immutable. */
final class CompiledSite {
  private final List<PathPattern> patterns;
  private final List<Match.Found> found;
  private final Match.Found otherwise;
  private final References references;
  private final @Nullable Versioned trial;

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
    var site = new Site(distribution, references.revision(), clients);
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
    return references.distribution();
  }

  /** Returns whether it was compiled from this resource, among others. */
  boolean refersTo(Kind kind, String id) {
    return references.have(kind, id);
  }
}
