package warmfront.edge.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.edge.step.Route;
import warmfront.http.FieldNames;

/**
 * Which headers of a viewer's request its owner wants the origin to see: those in the cache key,
 * and what an origin request policy or legacy settings add to them, which never takes away from the
 * key (CloudFront, "Understand how origin request policies and cache policies work together"). What
 * no edge sends on is not known here. Immutable.
 */
final class Forwarded {
  /** Which headers go on that no policy lists. */
  private enum Others {
    NONE,
    /** Those that legacy settings send on by themselves. */
    USUAL,
    ALL,
    ALL_EXCEPT
  }

  /**
   * What legacy settings keep back (CloudFront, "HTTP request headers and CloudFront behavior").
   */
  private static final FieldNames UNUSUAL =
      FieldNames.of(
          "accept",
          "accept-charset",
          "accept-encoding",
          "accept-language",
          "authorization",
          "cookie",
          "host",
          "referer",
          "user-agent",
          "x-http-method-override");

  private static final FieldNames NOTHING = FieldNames.of();

  private final List<String> listed;
  private final Others others;
  private final FieldNames excepted;

  private Forwarded(List<String> listed, Others others, FieldNames excepted) {
    this.listed = listed;
    this.others = others;
    this.excepted = excepted;
  }

  /**
   * Compiles the policies of a route.
   *
   * @param key the headers in the cache key
   */
  static Forwarded of(Route route, List<String> key) {
    @Nullable OriginRequestPolicy asking = route.asking().orElse(null);
    boolean legacy = route.behavior().legacy().isPresent();
    if (route.policy().headers().mode() == NameSet.Mode.ALL) {
      return new Forwarded(key, Others.ALL, NOTHING);
    }
    if (asking == null) {
      return new Forwarded(key, legacy ? Others.USUAL : Others.NONE, NOTHING);
    }
    return switch (asking.headers()) {
      case NONE -> new Forwarded(key, Others.NONE, NOTHING);
      case WHITELIST -> new Forwarded(both(key, asking), Others.NONE, NOTHING);
      case ALL_VIEWER -> new Forwarded(key, Others.ALL, NOTHING);
      case ALL_VIEWER_AND_WHITELIST_CLOUDFRONT ->
          new Forwarded(both(key, asking), Others.ALL, NOTHING);
      case ALL_EXCEPT -> new Forwarded(key, Others.ALL_EXCEPT, excepted(asking));
    };
  }

  /** Returns this with all headers of viewers; those that edges make only if they are listed. */
  Forwarded withAll() {
    return new Forwarded(listed, Others.ALL, NOTHING);
  }

  private static List<String> both(List<String> key, OriginRequestPolicy asking) {
    List<String> names = new ArrayList<>(key);
    for (String name : asking.headerNames()) {
      if (key.stream().noneMatch(name::equalsIgnoreCase)) {
        names.add(name);
      }
    }
    return Plan.names(names);
  }

  private static FieldNames excepted(OriginRequestPolicy asking) {
    return FieldNames.of(asking.headerNames());
  }

  /** Returns the headers that policies list, sorted by name without case. */
  List<String> listed() {
    return listed;
  }

  /** Returns whether headers go on that no policy lists. */
  boolean takesOthers() {
    return others != Others.NONE;
  }

  /** Returns whether a header goes on. */
  boolean takes(String name) {
    return lists(name) || takesUnlisted(name);
  }

  /** Returns whether a header's name says something to viewers in Vary. */
  boolean isKnown(String name) {
    return others == Others.USUAL ? lists(name) : takes(name);
  }

  private boolean lists(String name) {
    for (int i = 0; i < listed.size(); i++) {
      if (listed.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private boolean takesUnlisted(String name) {
    return switch (others) {
      case NONE -> false;
      case USUAL -> !UNUSUAL.has(name);
      case ALL -> true;
      case ALL_EXCEPT -> !excepted.has(name);
    };
  }
}
