package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items by when they expire: one first-in-first-out chain for each quarter of a power of two of the
 * seconds that are left on joining. Origins name few different lifetimes, and those of one chain
 * expire in the order in which they came; an item is found at most a fifth of its lifetime late.
 * Joining and leaving cost the same however many items there are. Not thread-safe.
 */
final class Lifetimes<T> {
  /** Four for each power of two up to 2^31 s, 68 years. */
  private static final int CHAINS = 128;

  private static final int MILLIS = 1000;

  private final List<Ends<T>> chains = new ArrayList<>(CHAINS);

  /** A bit for each chain that is not empty. */
  private final long[] filled = new long[CHAINS / Long.SIZE];

  private static final class Ends<T> {
    private @Nullable Item<T> first;
    private @Nullable Item<T> last;
  }

  Lifetimes() {
    for (int i = 0; i < CHAINS; i++) {
      chains.add(new Ends<>());
    }
  }

  void add(Item<T> item, long now) {
    if (item.expires() == Item.NEVER) {
      return;
    }
    int at = chainOf(item.expires() - now);
    item.lifetime = (byte) at;
    append(chains.get(at), item);
    filled[at / Long.SIZE] |= 1L << at;
  }

  /** Takes an item out; one that is not in is ignored. */
  void remove(Item<T> item) {
    int at = item.lifetime;
    if (at < 0) {
      return;
    }
    Ends<T> chain = chains.get(at);
    unlink(chain, item);
    item.lifetime = -1;
    if (chain.first == null) {
      filled[at / Long.SIZE] &= ~(1L << at);
    }
  }

  /** Takes out an item that has expired and may leave; null if there is none at a chain's head. */
  @Nullable Item<T> poll(long now, Predicate<T> free) {
    for (int word = 0; word < filled.length; word++) {
      for (long left = filled[word]; left != 0; left &= left - 1) {
        Ends<T> chain = chains.get(word * Long.SIZE + Long.numberOfTrailingZeros(left));
        @Nullable Item<T> head = chain.first;
        if (head == null || head.expires() > now) {
          continue;
        }
        if (free.test(head.owner())) {
          remove(head);
          return head;
        }
        unlink(chain, head); // it makes way for those behind it
        append(chain, head);
      }
    }
    return null;
  }

  private static <T> void append(Ends<T> chain, Item<T> item) {
    @Nullable Item<T> last = chain.last;
    item.sooner = last;
    item.later = null;
    if (last == null) {
      chain.first = item;
    } else {
      last.later = item;
    }
    chain.last = item;
  }

  private static <T> void unlink(Ends<T> chain, Item<T> item) {
    @Nullable Item<T> before = item.sooner;
    @Nullable Item<T> after = item.later;
    if (before == null) {
      chain.first = after;
    } else {
      before.later = after;
    }
    if (after == null) {
      chain.last = before;
    } else {
      after.sooner = before;
    }
    item.sooner = null;
    item.later = null;
  }

  private static int chainOf(long millis) {
    long seconds = Math.max(millis / MILLIS, 1);
    int power = Math.min(63 - Long.numberOfLeadingZeros(seconds), CHAINS / 4 - 1);
    long quarter = power < 2 ? 0 : (seconds >> (power - 2)) & 3;
    return power * 4 + (int) quarter;
  }
}
