package warmfront.routing;

import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.Site;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.CandidateList;
import warmfront.time.Clock;

/**
 * The choice where the latency map has a list: in each round the list's locations, then the others
 * as the tables have them. Locations that the operator would rather have nobody of the range at
 * come when no other has an address. Immutable.
 *
 * <p>In some slots of a second all of a range is sent to a location that is to be measured, if it
 * could serve anyway; such an answer is good for a slot, so that a resolver with many viewers does
 * not send more of them there than are needed.
 */
final class MappedSteer {
  static final int SLOT_SECONDS = 1;

  private static final long SLOT_MILLIS = SLOT_SECONDS * 1000L;

  private final Geography geography;
  private final Steer steer;
  private final Clock clock;

  MappedSteer(Geography geography, Steer steer, Clock clock) {
    this.geography = geography;
    this.steer = steer;
    this.clock = clock;
  }

  /** Decides for a range with a list of the map, as {@link Steer#decide}. */
  long decide(int list, Site site, AddressFamily family, long range, int scope) {
    CandidateList own = geography.mapped().list(list);
    int explored = explored(own, site, family, range);
    if (explored >= 0) {
      return Decision.of(Basis.EXPLORATION, explored, Steer.tier(Steer.SPARING), scope);
    }
    for (int round = 0; round < Steer.ROUNDS; round++) {
      int location = named(round, own, site, family, range);
      if (location < 0 && own.word() != CandidateList.Word.PIN) {
        location = other(round, list, site, family, range);
      }
      if (location >= 0) {
        return Decision.of(Basis.MAP, location, Steer.tier(round), scope);
      }
    }
    for (int round = 0; round < Steer.ROUNDS; round++) {
      int location = any(round, list, site, family, range);
      if (location >= 0) {
        return Decision.of(Basis.MAP, location, Steer.tier(round), scope);
      }
    }
    return Decision.none(Basis.MAP, scope);
  }

  private int explored(CandidateList own, Site site, AddressFamily family, long range) {
    if (!site.explores() || own.sharePerMille() == 0) {
      return -1;
    }
    int rank = own.explored(range, clock.millis() / SLOT_MILLIS);
    int location = rank == 0 ? -1 : geography.mapped().location(own, rank);
    return location >= 0 && steer.isEligible(Steer.SPARING, location, site, family, range)
        ? location
        : -1;
  }

  private int named(int round, CandidateList own, Site site, AddressFamily family, long range) {
    for (int rank = 0; rank < own.size(); rank++) {
      int location = geography.mapped().location(own, rank);
      if (location >= 0
          && !own.isAvoided(rank)
          && steer.isEligible(round, location, site, family, range)) {
        return location;
      }
    }
    return -1;
  }

  private int other(int round, int list, Site site, AddressFamily family, long range) {
    Mapped mapped = geography.mapped();
    CandidateList own = mapped.list(list);
    int rest = mapped.rest(list);
    int best = -1;
    double bestScore = -1;
    int count = rest == Ranges.NONE ? geography.locations().size() : geography.size(rest);
    for (int i = 0; i < count; i++) {
      int location = rest == Ranges.NONE ? i : geography.location(rest, i);
      if (mapped.isAvoided(own, location)
          || !steer.isEligible(round, location, site, family, range)) {
        continue;
      }
      if (rest != Ranges.NONE) {
        return location;
      }
      double score = steer.score(range, location);
      if (score > bestScore) {
        best = location;
        bestScore = score;
      }
    }
    return best;
  }

  /** Returns any location that can serve: the last resort. */
  private int any(int round, int list, Site site, AddressFamily family, long range) {
    int rest = geography.mapped().rest(list);
    for (int i = 0; i < geography.locations().size(); i++) {
      int location = rest == Ranges.NONE ? i : geography.location(rest, i);
      if (steer.isEligible(round, location, site, family, range)) {
        return location;
      }
    }
    return -1;
  }
}
