package warmfront.edge.viewer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.viewer.ShownCertificate.Source;

/**
 * Which certificate is shown for which name. Immutable; one that follows another shares with it
 * what is the same, so that a change costs what the names cost that it is about.
 */
final class Choice {
  private static final String WILDCARD = "*.";

  /** Nothing is shown. */
  static final Choice NONE =
      new Choice(
          Map.of(),
          Map.of(),
          null,
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty());

  private final Map<Source, ShownCertificate> zone;
  private final Map<String, ShownCertificate> byName;
  private final @Nullable ShownCertificate first;
  private final PMap<Source, Shared> sites;
  private final PMap<String, List<Placed>> owners;
  private final PMap<String, ShownCertificate> aliases;
  private final PMap<String, ShownCertificate> wildcards;

  /** A certificate of sites, and how often it is placed. */
  private record Shared(ShownCertificate shown, int places) {}

  /** The names of an owner that stand for a certificate. */
  private record Placed(Source source, List<String> names) {}

  private Choice(
      Map<Source, ShownCertificate> zone,
      Map<String, ShownCertificate> byName,
      @Nullable ShownCertificate first,
      PMap<Source, Shared> sites,
      PMap<String, List<Placed>> owners,
      PMap<String, ShownCertificate> aliases,
      PMap<String, ShownCertificate> wildcards) {
    this.zone = zone;
    this.byName = byName;
    this.first = first;
    this.sites = sites;
    this.owners = owners;
    this.aliases = aliases;
    this.wildcards = wildcards;
  }

  /** Returns what is shown for a name in lower case; null if there is no certificate at all. */
  @Nullable ShownCertificate find(String serverName) {
    @Nullable ShownCertificate found = aliases.get(serverName);
    found = found == null ? byName.get(serverName) : found;
    found = found == null ? byName.get(ShownCertificate.wildcard(serverName)) : found;
    found = found == null ? wildcard(serverName) : found;
    return found == null ? first : found;
  }

  private @Nullable ShownCertificate wildcard(String serverName) {
    if (wildcards.isEmpty()) {
      return null;
    }
    for (int dot = serverName.indexOf('.'); dot > 0; dot = serverName.indexOf('.', dot + 1)) {
      @Nullable ShownCertificate found = wildcards.get(serverName.substring(dot + 1));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * Begins one that follows this, without certificates of the zone.
   *
   * @param reading reads a certificate that is not in this
   */
  Edit edit(Function<Source, ShownCertificate> reading) {
    return new Edit(this, reading);
  }

  /** A choice in the making. Used by one thread, once. */
  static final class Edit {
    private final Choice before;
    private final Function<Source, ShownCertificate> reading;
    private final Map<Source, ShownCertificate> zone = new HashMap<>();
    private final Map<String, ShownCertificate> byName = new HashMap<>();
    private final Map<String, ShownCertificate> own = new HashMap<>();
    private @Nullable ShownCertificate first;
    private PMap<Source, Shared> sites;
    private PMap<String, List<Placed>> owners;
    private PMap<String, ShownCertificate> aliases;
    private PMap<String, ShownCertificate> wildcards;

    private Edit(Choice before, Function<Source, ShownCertificate> reading) {
      this.before = before;
      this.reading = reading;
      this.sites = before.sites;
      this.owners = before.owners;
      this.aliases = before.aliases;
      this.wildcards = before.wildcards;
    }

    /**
     * Adds a certificate of the zone.
     *
     * @throws IllegalArgumentException if it or its key cannot be read
     */
    void add(ZoneCertificate one) {
      String name = Ascii.lower(one.id());
      Source source = new Source(name, name, one.chainPem(), one.keyPem(), TlsRules.ZONE);
      @Nullable ShownCertificate same = before.zone.get(source);
      ShownCertificate shown = same == null ? reading.apply(source) : same;
      zone.put(source, shown);
      shown.names().forEach(any -> byName.putIfAbsent(any, shown));
      own.put(name, shown);
      first = first == null ? shown : first;
    }

    /** Takes out all names of an owner. */
    void remove(String owner) {
      for (Placed placed : owners.getOrDefault(owner, List.of())) {
        @Nullable Shared shared = sites.get(placed.source());
        if (shared != null) {
          sites =
              shared.places() == 1
                  ? sites.minus(placed.source())
                  : sites.plus(placed.source(), new Shared(shared.shown(), shared.places() - 1));
        }
        for (String name : placed.names()) {
          if (name.startsWith(WILDCARD)) {
            wildcards = wildcards.minus(key(name));
          } else {
            aliases = aliases.minus(name);
          }
        }
      }
      owners = owners.minus(owner);
    }

    /**
     * Adds what an owner shows who has no names here.
     *
     * @throws IllegalArgumentException if a certificate or its key cannot be read
     */
    void add(String owner, List<SiteCertificate> all) {
      List<Placed> placed = new ArrayList<>();
      for (SiteCertificate site : all) {
        Source source =
            new Source(
                site.certificate().id(),
                "",
                site.certificate().chainPem(),
                site.certificate().keyPem(),
                TlsRules.of(site.policy()));
        ShownCertificate shown = place(source);
        List<String> names =
            site.covered()
                ? site.aliases().stream().filter(shown::covers).toList()
                : site.aliases();
        for (String name : names) {
          if (name.startsWith(WILDCARD)) {
            wildcards = wildcards.plus(key(name), shown);
          } else {
            aliases = aliases.plus(name, shown);
          }
        }
        placed.add(new Placed(source, names));
      }
      if (!placed.isEmpty()) {
        owners = owners.plus(owner, List.copyOf(placed));
      }
    }

    /** What was shown before stays the same object, so that its sessions can be resumed. */
    private ShownCertificate place(Source source) {
      @Nullable Shared there = sites.get(source);
      @Nullable Shared known = there == null ? before.sites.get(source) : there;
      ShownCertificate shown = known == null ? reading.apply(source) : known.shown();
      sites = sites.plus(source, new Shared(shown, there == null ? 1 : there.places() + 1));
      return shown;
    }

    private static String key(String wildcard) {
      return wildcard.substring(WILDCARD.length());
    }

    Choice build() {
      byName.putAll(own);
      return new Choice(
          Map.copyOf(zone), Map.copyOf(byName), first, sites, owners, aliases, wildcards);
    }
  }
}
