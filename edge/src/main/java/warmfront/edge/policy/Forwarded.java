package warmfront.edge.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.edge.step.Route;

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
  private static final Set<String> UNUSUAL =
      Set.of(
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

  private final List<String> listed;
  private final Others others;
  private final Set<String> excepted;

  private Forwarded(List<String> listed, Others others, Set<String> excepted) {
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
      return new Forwarded(key, Others.ALL, Set.of());
    }
    if (asking == null) {
      return new Forwarded(key, legacy ? Others.USUAL : Others.NONE, Set.of());
    }
    return switch (asking.headers()) {
      case NONE -> new Forwarded(key, Others.NONE, Set.of());
      case WHITELIST -> new Forwarded(both(key, asking), Others.NONE, Set.of());
      case ALL_VIEWER -> new Forwarded(key, Others.ALL, Set.of());
      case ALL_VIEWER_AND_WHITELIST_CLOUDFRONT ->
          new Forwarded(both(key, asking), Others.ALL, Set.of());
      case ALL_EXCEPT -> new Forwarded(key, Others.ALL_EXCEPT, excepted(asking));
    };
  }

  /** Returns this with all headers of viewers; those that edges make only if they are listed. */
  Forwarded withAll() {
    return new Forwarded(listed, Others.ALL, Set.of());
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

  private static Set<String> excepted(OriginRequestPolicy asking) {
    return asking.headerNames().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
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
    return lists(name) || takesUnlisted(name.toLowerCase(Locale.ROOT));
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

  private boolean takesUnlisted(String lower) {
    return switch (others) {
      case NONE -> false;
      case USUAL -> !UNUSUAL.contains(lower);
      case ALL -> true;
      case ALL_EXCEPT -> !excepted.contains(lower);
    };
  }
}
