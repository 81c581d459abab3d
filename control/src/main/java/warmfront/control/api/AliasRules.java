package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import warmfront.control.api.Family.Name;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Tenant;

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
    checkMember(site, aliases, config + ".Aliases");
  }

  /**
   * Checks names.
   *
   * @param member the member that has them
   */
  static void checkMember(Site site, List<String> aliases, String member) {
    Set<String> names = new HashSet<>();
    for (String alias : aliases) {
      String name = lower(alias);
      if (!OriginRules.isDomain(name.startsWith("*.") ? name.substring(2) : name)) {
        throw invalid(
            member, "has a DNS name, perhaps with *. at its beginning, not '%s'".formatted(alias));
      }
      if (site.mayBeOwn(name)) {
        throw invalid(member, "has a name of the zone that it gives out itself: " + alias);
      }
      if (!names.add(name)) {
        throw invalid(member, "has a name twice: " + alias);
      }
    }
  }

  private static Refused invalid(String member, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(member, what));
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

  /**
   * A name and whose it is.
   *
   * @param domain the name
   * @param owner the id of a distribution or a tenant
   * @param type the type of the owner's row
   */
  record Held(String domain, String owner, String type) {
    /** Returns what orders a list of them. */
    String key() {
      return domain + " " + owner;
    }
  }

  /** Returns the names that are the same as one, or stand for it, or for which it does. */
  static Stream<Held> overlapping(Transaction tx, String name) {
    Stream<Held> web =
        tx.latest(Kind.DISTRIBUTION).stream()
            .map(Distribution.class::cast)
            .flatMap(one -> held(one.aliases(), one.id(), DistributionFamily.TYPE));
    Stream<Held> streaming =
        tx.latest(Kind.STREAMING_DISTRIBUTION).stream()
            .map(StreamingDistribution.class::cast)
            .flatMap(one -> held(one.aliases(), one.id(), StreamingDistributionFamily.TYPE));
    Stream<Held> tenants =
        tx.latest(Kind.TENANT).stream()
            .map(Tenant.class::cast)
            .flatMap(one -> held(one.domains(), one.id(), TenantFamily.TYPE));
    return Stream.of(web, streaming, tenants)
        .flatMap(all -> all)
        .filter(one -> standsFor(one.domain(), name) || standsFor(name, one.domain()));
  }

  private static Stream<Held> held(List<String> names, String owner, String type) {
    return names.stream().map(name -> new Held(name, owner, type));
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
