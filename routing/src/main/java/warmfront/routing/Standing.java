package warmfront.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.health.Judgement;

/**
 * Which servers viewers are sent to at the moment: the fleet, judged. Immutable.
 *
 * <p>Two things are known of a server. Whether it serves, this process judges from heartbeats; if
 * too many locations look dead, that is not believed: rather a dead address than none, and rather
 * our own ears than the world. Whether it knows the latest changes, the control plane says; a
 * location whose servers may not is passed over while enough others are left.
 */
final class Standing {
  /** Which of a location's servers are meant; each has all of those before it. */
  enum Tier {
    /** Those that serve and are known to have the latest changes. */
    FRESH,
    /** Those that serve. */
    SERVING,
    /** All with an address. */
    ANY
  }

  /** How a location is. */
  enum State {
    SERVING,
    /** It has no server with an address. */
    NO_SERVER,
    /** It serves, but may not know the latest changes, and enough others do. */
    STALE,
    /** All its servers are draining or have no weight. */
    DRAINING,
    /** No server of it was heard to serve. */
    DEAD
  }

  private record Pools(List<Pool> ipv4, List<Pool> ipv6) {
    List<Pool> of(AddressFamily family) {
      return family == AddressFamily.IPV4 ? ipv4 : ipv6;
    }
  }

  /**
   * What is known of servers.
   *
   * @param judgements what is thought of each, from its heartbeats
   * @param shedPercent the share of its viewers that each wants to be sent elsewhere
   * @param lapsed those that may not know the latest changes
   */
  record Known(
      Map<String, Judgement> judgements, Map<String, Integer> shedPercent, Set<String> lapsed) {
    Known {
      judgements = Map.copyOf(judgements);
      shedPercent = Map.copyOf(shedPercent);
      lapsed = Set.copyOf(lapsed);
    }
  }

  private final Known known;
  private final Map<String, Judgement> judgements;
  private final Set<String> lapsed;
  private final HealthLimits limits;
  private final boolean healthIgnored;
  private final boolean freshnessIgnored;
  private final List<State> states = new ArrayList<>();
  private final Pools fresh;
  private final Pools serving;
  private final Pools any;
  private final Set<String> kept;
  private final double[] shed;
  private final boolean hasAddress;

  private Standing(Fleet fleet, Known known, HealthLimits limits) {
    this.known = known;
    this.judgements = known.judgements();
    this.lapsed = known.lapsed();
    this.limits = limits;
    List<List<Fleet.Member>> locations = fleet.members();
    long meant = count(locations, where(Fleet.Member::isMeantToServe));
    this.healthIgnored = limits.isUnbelievable((int) count(locations, this::isDead), (int) meant);
    long serving = count(locations, where(this::serves));
    this.freshnessIgnored = count(locations, this::isFresh) < limits.freshShareMin() * serving;
    locations.forEach(location -> states.add(state(location)));
    this.fresh =
        pools(locations, location -> freshnessIgnored || isFresh(location), this::isGivenOut);
    this.serving = pools(locations, _ -> true, this::serves);
    this.any = pools(locations, _ -> true, _ -> true);
    this.kept = Set.copyOf(findKept(locations));
    this.hasAddress = has(Tier.ANY, AddressFamily.IPV4) || has(Tier.ANY, AddressFamily.IPV6);
    this.shed = locations.stream().mapToDouble(this::shed).toArray();
  }

  /**
   * Judges a fleet; a server without a judgement is hoped for.
   *
   * @param known of its servers
   */
  static Standing of(Fleet fleet, Known known, HealthLimits limits) {
    return new Standing(fleet, known, limits);
  }

  private static long count(
      List<List<Fleet.Member>> locations, Predicate<List<Fleet.Member>> which) {
    return locations.stream().filter(which).count();
  }

  private static Predicate<List<Fleet.Member>> where(Predicate<Fleet.Member> which) {
    return location -> location.stream().anyMatch(which);
  }

  private boolean isDead(List<Fleet.Member> location) {
    List<Fleet.Member> meant = location.stream().filter(Fleet.Member::isMeantToServe).toList();
    return !meant.isEmpty() && meant.stream().allMatch(member -> judgement(member).isDead());
  }

  /** A location's few fresh servers are not given the viewers of all the others. */
  private boolean isFresh(List<Fleet.Member> location) {
    int serving = weight(location, this::serves);
    int fresh = weight(location, member -> serves(member) && !isLapsed(member));
    return serving > 0 && fresh > 0 && fresh >= limits.freshShareMin() * serving;
  }

  private static int weight(List<Fleet.Member> location, Predicate<Fleet.Member> which) {
    return location.stream().filter(which).mapToInt(Fleet.Member::weight).sum();
  }

  private boolean isLapsed(Fleet.Member member) {
    return lapsed.contains(member.id());
  }

  private boolean isGivenOut(Fleet.Member member) {
    return serves(member) && (freshnessIgnored || !isLapsed(member));
  }

  private State state(List<Fleet.Member> location) {
    if (location.stream().allMatch(member -> member.addresses().isEmpty())) {
      return State.NO_SERVER;
    }
    boolean serves =
        location.stream()
            .anyMatch(member -> member.isMeantToServe() && judgement(member).mayServe());
    if (serves) {
      return freshnessIgnored || isFresh(location) ? State.SERVING : State.STALE;
    }
    return isDead(location) ? State.DEAD : State.DRAINING;
  }

  private boolean serves(Fleet.Member member) {
    Judgement judgement = judgement(member);
    return member.isMeantToServe()
        && (judgement.mayServe() || (healthIgnored && judgement.isDead()));
  }

  private Judgement judgement(Fleet.Member member) {
    return judgements.getOrDefault(member.id(), Judgement.HOPED_FOR);
  }

  private static Pools pools(
      List<List<Fleet.Member>> locations,
      Predicate<List<Fleet.Member>> where,
      Predicate<Fleet.Member> which) {
    List<Pool> ipv4 = new ArrayList<>();
    List<Pool> ipv6 = new ArrayList<>();
    for (List<Fleet.Member> location : locations) {
      List<Fleet.Member> members =
          where.test(location) ? location.stream().filter(which).toList() : List.of();
      ipv4.add(pool(members, AddressFamily.IPV4));
      ipv6.add(pool(members, AddressFamily.IPV6));
    }
    return new Pools(List.copyOf(ipv4), List.copyOf(ipv6));
  }

  private static Pool pool(List<Fleet.Member> members, AddressFamily family) {
    List<Pool.Entry> entries = new ArrayList<>();
    for (Fleet.Member member : members) {
      for (InetAddress address : member.addresses()) {
        if (isOf(family, address)) {
          entries.add(new Pool.Entry(address, Math.max(1, member.weight())));
        }
      }
    }
    return new Pool(family, entries);
  }

  private static boolean isOf(AddressFamily family, InetAddress address) {
    return address.getAddress().length == family.bytes();
  }

  /**
   * Returns the servers that are given out although they may not know the latest changes. As the
   * choice passes over a location only for one that is fresh, these are all of them as soon as no
   * fresh one has an address of the family, and else none.
   */
  private Set<String> findKept(List<List<Fleet.Member>> locations) {
    Set<String> found = new HashSet<>();
    for (AddressFamily family : AddressFamily.values()) {
      if (freshnessIgnored || !has(Tier.FRESH, family)) {
        locations.stream()
            .flatMap(List::stream)
            .filter(this::isLapsed)
            .filter(member -> member.addresses().stream().anyMatch(one -> isOf(family, one)))
            .forEach(member -> found.add(member.id()));
      }
    }
    return found;
  }

  /** Returns the addresses of a location's servers of a tier. */
  Pool pool(Tier tier, int location, AddressFamily family) {
    return pools(tier).of(family).get(location);
  }

  private Pools pools(Tier tier) {
    return switch (tier) {
      case FRESH -> fresh;
      case SERVING -> serving;
      case ANY -> any;
    };
  }

  private boolean has(Tier tier, AddressFamily family) {
    return pools(tier).of(family).stream().anyMatch(pool -> !pool.isEmpty());
  }

  /** Returns whether any server at all has an address, of any family. */
  boolean hasAddress() {
    return hasAddress;
  }

  private double shed(List<Fleet.Member> location) {
    double shedding = 0;
    double serving = 0;
    for (Fleet.Member member : location) {
      if (isGivenOut(member)) {
        serving += member.weight();
        shedding += member.weight() * known.shedPercent().getOrDefault(member.id(), 0) / 100.0;
      }
    }
    return serving == 0 ? 0 : shedding / serving;
  }

  /** Returns the share of a location's viewers that is to be sent elsewhere, 0 to 1. */
  double shed(int location) {
    return shed[location];
  }

  /** Returns what is known of the servers. */
  Known known() {
    return known;
  }

  /** Returns how a location is, health not ignored. */
  State state(int location) {
    return states.get(location);
  }

  /** Returns whether too many locations look dead for it to be believed. */
  boolean isHealthIgnored() {
    return healthIgnored;
  }

  /** Returns whether so few locations are fresh that those which are not serve, too. */
  boolean isFreshnessIgnored() {
    return freshnessIgnored;
  }

  /** Returns the servers that viewers are sent to although they may not know the latest changes. */
  Set<String> kept() {
    return kept;
  }

  /** Returns the servers that may not know the latest changes. */
  Set<String> lapsed() {
    return lapsed;
  }

  /** Returns what was thought of each server. */
  Map<String, Judgement> judgements() {
    return new HashMap<>(judgements);
  }
}
