package warmfront.routing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import warmfront.distribution.Location;
import warmfront.distribution.Rendezvous;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.Choice;
import warmfront.routing.dns.Site;
import warmfront.routing.dns.Steering;
import warmfront.routing.dns.Viewer;
import warmfront.routing.latency.PrefixMap;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.time.Clock;

/**
 * The choice of a location and its addresses for a viewer. Immutable but for what it counts.
 *
 * <p>Locations are tried nearest first, in rounds that ask for less each time. First those of the
 * distribution's price class that serve, are known to have the latest changes and do not shed this
 * range. Then those that shed it, too; those that serve; those with any address: each time first of
 * the price class, then of any. So an answer is never empty while any server has an address of the
 * family, and overload alone sends nobody to a dearer location.
 */
final class Steer implements Steering {
  /** The tier of each two rounds: of the price class, of any. */
  private static final List<Standing.Tier> TIERS = List.of(Standing.Tier.values());

  /** The first round, which alone minds what locations shed. */
  static final int SPARING = 0;

  static final int ROUNDS = 1 + 2 * TIERS.size();

  /** So that what is shed has nothing to do with who is spread where. */
  private static final long SHEDDING = 0x9e3779b97f4a7c15L;

  private final Geography geography;
  private final Standing standing;
  private final SteeringCounters counters;
  private final long[] hashes;
  private final LongAdder[] chosen;
  private final MappedSteer mapped;

  Steer(Geography geography, Standing standing, SteeringCounters counters, Clock clock) {
    this.geography = geography;
    this.standing = standing;
    this.counters = counters;
    this.hashes =
        geography.locations().stream().mapToLong(one -> Rendezvous.hash(one.id())).toArray();
    this.chosen =
        geography.locations().stream()
            .map(one -> counters.location(one.id()))
            .toArray(LongAdder[]::new);
    this.mapped = new MappedSteer(geography, this, clock);
  }

  // Five parameters and no record of them: one would be made for every query.
  @Override
  public void choose(Site site, int place, Viewer viewer, AddressFamily family, Choice choice) {
    if (family == AddressFamily.IPV6 && !site.ipv6()) {
      choice.noSuchFamily();
      return;
    }
    if (place == ANYWHERE && site.anycast().isPresent()) {
      counters.count(Basis.ANYCAST);
      site.anycast().get().choose(site.hash(), family, choice);
      return;
    }
    Standing.Tier there = place == ANYWHERE ? Standing.Tier.ANY : serving(place, family);
    // At a place it is the same for everyone, so that 0 is an honest scope.
    long decision =
        there == Standing.Tier.ANY
            ? decide(site, viewer, family)
            : Decision.of(Basis.REDIRECTED, place, there, 0);
    int location = Decision.location(decision);
    if (location >= 0) {
      counters.count(Decision.basis(decision), chosen[location]);
      pick(site, decision, family, choice);
    } else if (standing.hasAddress()) {
      choice.noSuchFamily();
    } else {
      choice.noServer();
    }
  }

  /** Chooses the addresses that a decision for a location means. */
  void pick(Site site, long decision, AddressFamily family, Choice choice) {
    choice.begin(family, Decision.scope(decision));
    if (Decision.basis(decision) == Basis.EXPLORATION) {
      choice.expireWithin(MappedSteer.SLOT_SECONDS);
    }
    standing
        .pool(Decision.tier(decision), Decision.location(decision), family)
        .pick(site.hash(), choice);
    if (site.home() >= 0) {
      choice.keepBest();
    }
  }

  /** Decides for a viewer, without counting; {@link Decision} reads the number. */
  long decide(Site site, Viewer viewer, AddressFamily family) {
    if (site.home() >= 0) {
      return decideHome(site.home(), family);
    }
    if (viewer.origin() == Viewer.Origin.WITHHELD) {
      // The same for all who ask so, whoever their resolver is: then 0 is an honest scope.
      return spread(Basis.WITHHELD, site, family, site.hash(), 0);
    }
    Family own = viewer.family() == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
    PrefixMap ranges = geography.ranges(own);
    int index = ranges.find(viewer.bits());
    int list = ranges.value(index);
    if (list == Ranges.NONE) {
      long unit = viewer.bits() & (-1L << (Long.SIZE - own.unitLength()));
      return spread(Basis.RENDEZVOUS, site, family, unit, own.unitLength());
    }
    int scope = ranges.length(index);
    long range = base(viewer.bits(), scope);
    if (geography.mapped().has(list)) {
      return mapped.decide(list, site, family, range, scope);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int rank = 0; rank < geography.size(list); rank++) {
        int location = geography.location(list, rank);
        if (isEligible(round, location, site, family, range)) {
          return Decision.of(geography.basis(list), location, tier(round), scope);
        }
      }
    }
    return Decision.none(geography.basis(list), scope);
  }

  /**
   * Who publishes and who fetches has to meet at one server, so it is the same whether it knows the
   * latest changes or not.
   */
  private long decideHome(int location, AddressFamily family) {
    for (Standing.Tier tier : List.of(Standing.Tier.SERVING, Standing.Tier.ANY)) {
      if (!standing.pool(tier, location, family).isEmpty()) {
        return Decision.of(Basis.HOME, location, tier, 0);
      }
    }
    return Decision.none(Basis.HOME, 0);
  }

  /** Returns the best tier in which a location has a server, {@code ANY} if none of it serves. */
  private Standing.Tier serving(int location, AddressFamily family) {
    for (Standing.Tier tier : TIERS) {
      if (!standing.pool(tier, location, family).isEmpty()) {
        return tier;
      }
    }
    return Standing.Tier.ANY;
  }

  private static long base(long bits, int length) {
    return length == 0 ? 0 : bits & (-1L << (Long.SIZE - length));
  }

  private long spread(Basis basis, Site site, AddressFamily family, long range, int scope) {
    for (int round = 0; round < ROUNDS; round++) {
      int best = highest(round, site, family, range);
      if (best >= 0) {
        return Decision.of(basis, best, tier(round), scope);
      }
    }
    return Decision.none(basis, scope);
  }

  private int highest(int round, Site site, AddressFamily family, long range) {
    int best = -1;
    double bestScore = -1;
    for (int location = 0; location < hashes.length; location++) {
      double score = score(range, location);
      if (score > bestScore && isEligible(round, location, site, family, range)) {
        best = location;
        bestScore = score;
      }
    }
    return best;
  }

  /** Returns a location's score for viewers of whom nothing is known. */
  double score(long key, int location) {
    double weight = geography.locations().get(location).capacityGbps();
    return Rendezvous.score(key, hashes[location], weight);
  }

  // Five parameters and no record of them: one would be made for every query.
  boolean isEligible(int round, int location, Site site, AddressFamily family, long range) {
    boolean anyClass = round != SPARING && round % 2 == 0;
    if (!anyClass && !isOfClass(location, site)) {
      return false;
    }
    if (standing.pool(tier(round), location, family).isEmpty()) {
      return false;
    }
    return round != SPARING || !sheds(location, site, range);
  }

  static Standing.Tier tier(int round) {
    return round == SPARING ? TIERS.getFirst() : TIERS.get((round - 1) / 2);
  }

  /** Returns whether a location that has too much to do sends this range's viewers elsewhere. */
  private boolean sheds(int location, Site site, long range) {
    double share = standing.shed(location);
    return share > 0
        && Rendezvous.uniform(range ^ site.hash() ^ SHEDDING, hashes[location]) < share;
  }

  private boolean isOfClass(int location, Site site) {
    return site.priceClass().includes(geography.locations().get(location).priceClass());
  }

  /** Returns why a location is passed over in the first round; empty if it is not. */
  Optional<String> exclusion(int location, Site site, AddressFamily family, long range) {
    Location one = geography.locations().get(location);
    if (!isOfClass(location, site)) {
      return Optional.of(
          "is of %s, the distribution of %s".formatted(one.priceClass(), site.priceClass()));
    }
    if (standing.pool(Standing.Tier.ANY, location, family).isEmpty()) {
      return Optional.of("has no server with an address of " + family);
    }
    if (!standing.pool(Standing.Tier.FRESH, location, family).isEmpty()) {
      return standing.shed(location) > 0
          ? Optional.of(
                  "sheds %.0f %% of its viewers, this range among them"
                      .formatted(100 * standing.shed(location)))
              .filter(_ -> sheds(location, site, range))
          : Optional.empty();
    }
    return Optional.of(
        switch (standing.state(location)) {
          case DEAD -> "no server of it is heard to serve";
          case STALE -> "its servers may not know the latest changes";
          case DRAINING -> "its servers are draining or have no weight";
          case NO_SERVER, SERVING -> "no server of it serves " + family;
        });
  }

  Geography geography() {
    return geography;
  }

  Standing standing() {
    return standing;
  }

  List<Location> locations() {
    return geography.locations();
  }
}
