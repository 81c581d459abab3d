package warmfront.routing.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lists of the newest map by their numbers, which stay from edition to edition. */
final class ListBook {
  /** Estimates may stray so many steps before a list is written anew. */
  private static final int STEPS_NEAR = 1;

  /** So many lists are kept that no range has, before all are numbered anew. */
  private static final int UNUSED_MAX = 4096;

  private final List<CandidateList> lists = new ArrayList<>();
  private final Map<CandidateList, Integer> numbers = new HashMap<>();

  /** Returns the number of a list, a new one if need be. */
  int number(CandidateList list) {
    Integer known = numbers.putIfAbsent(list, lists.size());
    if (known == null) {
      lists.add(list);
      return lists.size() - 1;
    }
    return known;
  }

  CandidateList list(int number) {
    return lists.get(number);
  }

  List<CandidateList> lists() {
    return lists;
  }

  /** Returns whether so few lists of many are used that all are to be numbered anew. */
  boolean isWorn(int used) {
    return lists.size() > 2 * used + UNUSED_MAX;
  }

  void clear() {
    lists.clear();
    numbers.clear();
  }

  /** Knows the lists of a map. */
  void restore(List<CandidateList> of) {
    clear();
    of.forEach(this::number);
  }

  /**
   * Returns whether an older list still says the same: the same first location, the same others,
   * each about as far.
   */
  static boolean isNear(CandidateList old, CandidateList fresh) {
    if (old.word() != fresh.word()
        || old.sharePerMille() != fresh.sharePerMille()
        || old.size() != fresh.size()
        || old.size() == 0
        || old.location(0) != fresh.location(0)) {
      return false;
    }
    for (int rank = 0; rank < old.size(); rank++) {
      int other = rank(fresh, old.location(rank));
      if (other < 0
          || fresh.flags(other) != old.flags(rank)
          || Math.abs(fresh.step(other) - old.step(rank)) > STEPS_NEAR) {
        return false;
      }
    }
    return true;
  }

  static int rank(CandidateList list, int location) {
    for (int rank = 0; rank < list.size(); rank++) {
      if (list.location(rank) == location) {
        return rank;
      }
    }
    return -1;
  }
}
