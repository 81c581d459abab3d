package warmfront.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warmfront.distribution.Location;
import warmfront.routing.Ranking.Estimate;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.CandidateList;
import warmfront.routing.map.LatencyMap;
import warmfront.rtt.Family;

/**
 * The latency map's lists as they lie over the tables': each names a few locations, and after them
 * come the others in the order that the tables have for the range. Immutable.
 */
final class Mapped {
  private final Optional<LatencyMap> map;
  private final int first;
  private final CandidateList[] lists;
  private final int[] rests;
  private final int[] indexes;

  private Mapped(
      Optional<LatencyMap> map, int first, List<CandidateList> lists, int[] rests, int[] indexes) {
    this.map = map;
    this.first = first;
    this.lists = lists.toArray(CandidateList[]::new);
    this.rests = rests;
    this.indexes = indexes;
  }

  /** Lays a map over tables. Owned by one thread. */
  static final class Maker {
    private final Optional<LatencyMap> map;
    private final int first;
    private final int[] indexes;
    private final List<CandidateList> lists = new ArrayList<>();
    private final List<Integer> rests = new ArrayList<>();
    private final Map<Long, Integer> numbers = new HashMap<>();

    /**
     * Begins.
     *
     * @param locations those that are answered with
     * @param first the number of the first list of the map: after those of the tables
     */
    Maker(Optional<LatencyMap> map, List<Location> locations, int first) {
      this.map = map;
      this.first = first;
      Map<String, Integer> known = new HashMap<>();
      for (int i = 0; i < locations.size(); i++) {
        known.put(locations.get(i).id(), i);
      }
      this.indexes =
          map.stream()
              .flatMap(one -> one.head().locations().stream())
              .mapToInt(code -> known.getOrDefault(code, -1))
              .toArray();
    }

    /** Returns which list is for which unit, of the map or else of the tables. */
    Ranges lay(Family family, Ranges tables) {
      return map.isEmpty()
          ? tables
          : map.get()
              .ranges(family)
              .with(tables, (list, rest) -> list == Ranges.NONE ? rest : number(list, rest));
    }

    private int number(int list, int rest) {
      return numbers.computeIfAbsent(
          (long) list << Integer.SIZE | (rest + 1),
          _ -> {
            lists.add(map.orElseThrow().lists().get(list));
            rests.add(rest);
            return first + lists.size() - 1;
          });
    }

    Mapped made() {
      return new Mapped(
          map, first, lists, rests.stream().mapToInt(Integer::intValue).toArray(), indexes);
    }
  }

  /** Returns whether a list is of the map. */
  boolean has(int list) {
    return list >= first && list < first + lists.length;
  }

  /** Returns what the map has for a list. */
  CandidateList list(int list) {
    return lists[list - first];
  }

  /** Returns the list of the tables that goes on where the map's ends, or {@code NONE}. */
  int rest(int list) {
    return rests[list - first];
  }

  /** Returns the index of a location that a list names; negative if it is not there any more. */
  int location(CandidateList list, int rank) {
    return indexes[list.location(rank)];
  }

  /** Returns whether the operator would rather have nobody of this range at a location. */
  boolean isAvoided(CandidateList list, int location) {
    if (list.word() != CandidateList.Word.FORBID) {
      return false;
    }
    for (int rank = 0; rank < list.size(); rank++) {
      if (list.isAvoided(rank) && location(list, rank) == location) {
        return true;
      }
    }
    return false;
  }

  /** Returns why a range has its order; {@code below} is what the tables say. */
  Geography.Reason reason(int list, Optional<Geography.Reason> below) {
    CandidateList own = list(list);
    List<Estimate> estimates = new ArrayList<>();
    Set<Integer> named = new HashSet<>();
    for (int rank = 0; rank < own.size(); rank++) {
      int location = location(own, rank);
      if (location >= 0 && named.add(location)) {
        double millis = own.isKnown(rank) ? own.millis(rank) : Double.NaN;
        estimates.add(new Estimate(location, millis, own.isMeasured(rank)));
      }
    }
    below.stream()
        .flatMap(reason -> reason.estimates().stream())
        .filter(estimate -> !named.contains(estimate.location()))
        .forEach(estimates::add);
    String detail =
        switch (own.word()) {
          case NONE -> "measured times";
          case PIN -> "the operator pinned the range";
          case PREFER -> "the operator prefers a location for the range";
          case FORBID -> "measured times, without what the operator forbids";
        };
    long version = map.map(one -> one.head().version()).orElse(0L);
    return new Geography.Reason(
        Basis.MAP, "latency map %d: %s".formatted(version, detail), estimates, Optional.of(own));
  }

  Optional<LatencyMap> map() {
    return map;
  }
}
