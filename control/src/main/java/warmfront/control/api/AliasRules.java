package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import warmfront.control.api.Family.Name;
import warmfront.control.api.wire.Refused;

/** Alternate domain names, which one distribution of whatever kind can have. */
final class AliasRules {
  /** The scope of the claims to them. */
  static final String SCOPE = "alias";

  private AliasRules() {}

  /**
   * Checks names.
   *
   * @param config the structure that has them
   */
  static void check(Site site, List<String> aliases, String config) {
    Set<String> names = new HashSet<>();
    for (String alias : aliases) {
      String name = lower(alias);
      if (!OriginRules.isDomain(name.startsWith("*.") ? name.substring(2) : name)) {
        throw invalid(
            config, "has a DNS name, perhaps with *. at its beginning, not '%s'".formatted(alias));
      }
      if (site.mayBeOwn(name)) {
        throw invalid(config, "has a name of the zone that it gives out itself: " + alias);
      }
      if (!names.add(name)) {
        throw invalid(config, "has a name twice: " + alias);
      }
    }
  }

  private static Refused invalid(String config, String what) {
    return new Refused("InvalidArgument", "The parameter %s.Aliases %s.".formatted(config, what));
  }

  /** Returns the claims to them. */
  static Stream<Name> claims(List<String> aliases) {
    return aliases.stream()
        .map(AliasRules::lower)
        .map(alias ->
            new Name(
                SCOPE,
                alias,
                "CNAMEAlreadyExists",
                "The alias %s is that of another distribution".formatted(alias)));
  }

  /** Returns whether an alias is a name, or a wildcard that stands for it at whatever depth. */
  static boolean standsFor(String alias, String name) {
    return alias.equals(name) || (alias.startsWith("*.") && name.endsWith(alias.substring(1)));
  }

  /** Returns a name as edges and DNS servers know it. */
  static String lower(String alias) {
    return alias.toLowerCase(Locale.ROOT);
  }
}
