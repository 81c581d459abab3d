package warmfront.edge.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.NameSet;
import warmfront.distribution.NameSet.Mode;
import warmfront.edge.step.Request;
import warmfront.signing.Glob;

/**
 * Names of cookies or query strings that policies mean, ready to be asked; case-sensitive.
 * Immutable.
 */
final class Chosen {
  private static final Comparator<String> BY_NAME = Comparator.comparing(Chosen::name);

  private final Mode mode;
  private final Set<String> names;
  private final List<String> patterns;

  private Chosen(Mode mode, Set<String> names, List<String> patterns) {
    this.mode = mode;
    this.names = names;
    this.patterns = patterns;
  }

  /** Returns the names of a policy: there a star is a star. */
  static Chosen of(NameSet set) {
    return new Chosen(set.mode(), new HashSet<>(set.names()), List.of());
  }

  /**
   * Returns the names of legacy cookie settings, where {@code *} stands for any characters and
   * {@code ?} for one (CloudFront, "Whitelist Cookies").
   */
  static Chosen byPattern(NameSet set) {
    List<String> patterns =
        set.names().stream().filter(name -> name.contains("*") || name.contains("?")).toList();
    Set<String> plain = new HashSet<>(set.names());
    patterns.forEach(plain::remove);
    return new Chosen(set.mode(), plain, patterns);
  }

  /** Returns what is in this policy or in that one; neither has patterns. */
  Chosen or(Chosen other) {
    if (isNone() || other.isAll()) {
      return other;
    }
    if (other.isNone() || isAll()) {
      return this;
    }
    Set<String> both = new HashSet<>(names);
    if (mode == other.mode) {
      boolean listed = mode == Mode.WHITELIST;
      var _ = listed ? both.addAll(other.names) : both.retainAll(other.names);
      return new Chosen(mode, both, List.of());
    }
    Set<String> excepted = new HashSet<>(mode == Mode.ALL_EXCEPT ? names : other.names);
    excepted.removeAll(mode == Mode.ALL_EXCEPT ? other.names : names);
    return new Chosen(Mode.ALL_EXCEPT, excepted, List.of());
  }

  boolean isNone() {
    return mode == Mode.NONE || (mode == Mode.WHITELIST && names.isEmpty() && patterns.isEmpty());
  }

  boolean isAll() {
    return mode == Mode.ALL || (mode == Mode.ALL_EXCEPT && names.isEmpty());
  }

  boolean has(String name) {
    return switch (mode) {
      case NONE -> false;
      case WHITELIST -> names.contains(name) || isLikeOne(name);
      case ALL_EXCEPT -> !names.contains(name);
      case ALL -> true;
    };
  }

  private boolean isLikeOne(String name) {
    for (int i = 0; i < patterns.size(); i++) {
      if (Glob.matches(patterns.get(i), name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the query strings that are chosen of a request's, in the order they came, or null for
   * none.
   *
   * @param sorted whether they are put in the order of their names instead; of one name they stay
   *     as they came
   */
  @Nullable String query(Request request, boolean sorted) {
    @Nullable String query = request.query();
    if (query == null || query.isEmpty() || isNone()) {
      return null;
    }
    @Nullable String kept = isAll() ? query : kept(query);
    return sorted && kept != null ? sorted(kept) : kept;
  }

  private @Nullable String kept(String query) {
    var kept = new StringBuilder(query.length());
    int at = 0;
    while (at <= query.length()) {
      int and = query.indexOf('&', at);
      int end = and < 0 ? query.length() : and;
      int equal = query.indexOf('=', at);
      String name = query.substring(at, equal < 0 || equal > end ? end : equal);
      if (end > at && has(name)) {
        kept.append(kept.isEmpty() ? "" : "&").append(query, at, end);
      }
      at = end + 1;
    }
    return kept.isEmpty() ? null : kept.toString();
  }

  private static @Nullable String sorted(String query) {
    List<String> pairs = new ArrayList<>(List.of(query.split("&", -1)));
    pairs.removeIf(String::isEmpty);
    pairs.sort(BY_NAME);
    return pairs.isEmpty() ? null : String.join("&", pairs);
  }

  /**
   * Returns the cookies that are chosen of a request's, as one Cookie value, sorted by name, or
   * null for none. What is not in the form name=value, and names that begin with a dollar sign, are
   * dropped (CloudFront, "Cache content based on cookies").
   */
  @Nullable String cookies(Request request) {
    if (isNone() || !request.fields().has("Cookie")) {
      return null;
    }
    List<String> kept = new ArrayList<>();
    for (String line : request.fields().all("Cookie")) {
      for (String pair : line.split(";", -1)) {
        String cookie = pair.strip();
        if (cookie.indexOf('=') > 0 && cookie.charAt(0) != '$' && has(name(cookie))) {
          kept.add(cookie);
        }
      }
    }
    kept.sort(BY_NAME);
    return kept.isEmpty() ? null : String.join("; ", kept);
  }

  private static String name(String pair) {
    int equal = pair.indexOf('=');
    return equal < 0 ? pair : pair.substring(0, equal);
  }
}
