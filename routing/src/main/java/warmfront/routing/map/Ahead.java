package warmfront.routing.map;

import warmfront.routing.latency.Ranges;

/**
 * Reads what is soon needed, many at a time: memory fetches at once what is asked for in one go,
 * and one after the other what is computed with in between. Ranges lie in the order in which they
 * were first measured, not of their addresses, so none of it is near what was read before. Owned by
 * one thread.
 */
final class Ahead {
  /** As many as are fetched at a time. */
  static final int MANY = 16;

  private final Prefixes prefixes;
  private final ListBook book;

  @SuppressWarnings("unused") // without it the compiler would leave out the reading
  private long read;

  Ahead(Prefixes prefixes, ListBook book) {
    this.prefixes = prefixes;
    this.book = book;
  }

  /** Reads ranges from a place on. */
  void read(int[] rows, int from) {
    long sum = 0;
    for (int i = from; i < Math.min(rows.length, from + MANY); i++) {
      sum += prefixes.touch(rows[i]);
    }
    read = sum;
  }

  /** Reads the lists of steps from one on. */
  void read(Ranges lists, int from) {
    long sum = 0;
    for (int i = from; i < Math.min(lists.steps(), from + MANY); i++) {
      int list = lists.valueAt(i);
      sum += list == Ranges.NONE ? 0 : book.list(list).touch();
    }
    read = sum;
  }
}
