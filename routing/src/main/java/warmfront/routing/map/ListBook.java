package warmfront.routing.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lists of the newest map by their numbers, which stay from edition to edition. Equal lists are
 * one. Owned by the map maker.
 */
final class ListBook {
  /** So many lists are kept that no range has, before all are numbered anew. */
  private static final int UNUSED_MAX = 4096;

  private static final int SIZE_FIRST = 1 << 10;

  private static final long FREE = 0;

  private final List<CandidateList> lists = new ArrayList<>();

  /** By hash, half of it free: the hash of a list above, one more than its number below. */
  private long[] index = new long[SIZE_FIRST];

  /** Returns the number of a list, a new one if need be. */
  int number(CandidateList.Maker list) {
    int hash = list.hash();
    int mask = index.length - 1;
    for (int at = hash & mask; index[at] != FREE; at = (at + 1) & mask) {
      int number = (int) index[at] - 1;
      if ((int) (index[at] >>> Integer.SIZE) == hash && list.isSame(lists.get(number))) {
        return number;
      }
    }
    return add(list.made());
  }

  /** Returns the number that a list gets which is not known yet. */
  int add(CandidateList list) {
    lists.add(list);
    if (lists.size() * 2 > index.length) {
      long[] before = index;
      index = new long[before.length * 2];
      for (long entry : before) {
        if (entry != FREE) {
          put(entry);
        }
      }
    }
    put((long) list.hashCode() << Integer.SIZE | lists.size());
    return lists.size() - 1;
  }

  private void put(long entry) {
    int mask = index.length - 1;
    int at = (int) (entry >>> Integer.SIZE) & mask;
    while (index[at] != FREE) {
      at = (at + 1) & mask;
    }
    index[at] = entry;
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
    Arrays.fill(index, FREE);
  }

  /** Knows the lists of a map. */
  void restore(List<CandidateList> of) {
    clear();
    of.forEach(this::add);
  }
}
