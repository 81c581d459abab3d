package warmfront.edge.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/**
 * A share of an {@link Index}: a table of numbers by hash, with open addressing and linear probing,
 * and slots at the places that the numbers name, in the order in which they came. So what a
 * collection has to look through after a thousand new keys is the few cards of memory where they
 * stand beside each other, not one card for each.
 *
 * <p>Changes are made under its lock. Who looks something up takes the lock only if it finds
 * nothing, because what it looks for may be on the move.
 */
final class IndexShard {
  private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Slot[].class);

  /** The lower bits of a number are a place and one; what is above are the upper bits of a hash. */
  private static final int PLACE_BITS = 28;

  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  /** Spreads keys whose hashes differ in few bits; an odd number near 2^64 by the golden ratio. */
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private static final int FIRST_BITS = 4;

  private static final int PAGE_BITS = 9;
  private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

  /** A power of two of numbers, 0 where nothing is; two thirds are taken at most. */
  private volatile long[] table = new long[1 << FIRST_BITS];

  /** Slots by place. */
  private volatile @Nullable Slot[][] pages = {};

  /** Places below {@link #used} where nothing is any more. */
  private final BitSet free = new BitSet();

  private int used;
  private int next;
  private int size;

  @Nullable Slot find(CacheKey key) {
    long hash = hash(key);
    @Nullable Slot seen = seen(key, hash);
    if (seen != null) {
      return seen;
    }
    synchronized (this) {
      return seen(key, hash);
    }
  }

  Slot findOrMake(CacheKey key) {
    long hash = hash(key);
    @Nullable Slot seen = seen(key, hash);
    if (seen != null) {
      return seen;
    }
    synchronized (this) {
      @Nullable Slot found = seen(key, hash);
      if (found != null) {
        return found;
      }
      Slot made = new Slot(key.compact());
      add(made, hash);
      return made;
    }
  }

  /** Takes a slot out that is there. */
  synchronized void remove(Slot slot) {
    long[] numbers = table;
    int mask = numbers.length - 1;
    int hole = home(hash(slot.key()), numbers);
    while (at(place(numbers[hole])) != slot) {
      hole = hole + 1 & mask;
    }
    give(place(numbers[hole]));
    for (int at = hole + 1 & mask; numbers[at] != 0; at = at + 1 & mask) {
      boolean stays = (at - home(numbers[at], numbers) & mask) < (at - hole & mask);
      if (!stays) {
        NUMBER.setRelease(numbers, hole, numbers[at]);
        hole = at;
      }
    }
    NUMBER.setRelease(numbers, hole, 0L);
    size--;
  }

  void forEach(Consumer<Slot> action) {
    for (@Nullable Slot[] page : pages) {
      for (int i = 0; i < page.length; i++) {
        @Nullable Slot slot = (@Nullable Slot) SLOT.getAcquire(page, i);
        if (slot != null) {
          action.accept(slot);
        }
      }
    }
  }

  synchronized int size() {
    return size;
  }

  private static long hash(CacheKey key) {
    return key.low() * MIX;
  }

  /** Returns a key's slot; null if it is not there, or was moved just now. */
  private @Nullable Slot seen(CacheKey key, long hash) {
    long[] numbers = table;
    int mask = numbers.length - 1;
    for (int at = home(hash, numbers); ; at = at + 1 & mask) {
      long number = (long) NUMBER.getAcquire(numbers, at);
      if (number == 0) {
        return null;
      }
      if ((number ^ hash) >>> PLACE_BITS == 0) {
        @Nullable Slot slot = at(place(number));
        if (slot != null && slot.key().equals(key)) {
          return slot;
        }
      }
    }
  }

  /** Returns where the search for a hash, or for the number of one, begins. */
  private static int home(long hash, long[] numbers) {
    return (int) (hash >>> Long.numberOfLeadingZeros(numbers.length - 1));
  }

  private static int place(long number) {
    return ((int) number & PLACE_MASK) - 1;
  }

  private @Nullable Slot at(int place) {
    return (@Nullable Slot) SLOT.getAcquire(pages[place >>> PAGE_BITS], place & PAGE_MASK);
  }

  private void set(int place, @Nullable Slot slot) {
    SLOT.setRelease(pages[place >>> PAGE_BITS], place & PAGE_MASK, slot);
  }

  private void add(Slot slot, long hash) {
    if ((size + 1) * 3L > table.length * 2L) {
      grow();
    }
    put(table, (hash & -1L << PLACE_BITS) | (take(slot) + 1));
    size++;
  }

  /** Writes a number into the first position that is empty, from its home on. */
  private static void put(long[] numbers, long number) {
    int at = home(number, numbers);
    while (numbers[at] != 0) {
      at = at + 1 & numbers.length - 1;
    }
    NUMBER.setRelease(numbers, at, number);
  }

  private void grow() {
    long[] more = new long[table.length * 2];
    for (long number : table) {
      if (number != 0) {
        put(more, number);
      }
    }
    table = more;
  }

  /** Gives a slot a place: the next one that was given up, so that new ones stay together. */
  private int take(Slot slot) {
    int place = free.nextSetBit(next);
    if (place < 0) {
      place = free.nextSetBit(0);
    }
    if (place < 0) {
      place = used++;
      if (place >>> PAGE_BITS == pages.length) {
        addPage();
      }
    }
    free.clear(place);
    next = place + 1;
    set(place, slot);
    return place;
  }

  private void addPage() {
    @Nullable Slot[][] more = Arrays.copyOf(pages, pages.length + 1);
    more[pages.length] = new @Nullable Slot[1 << PAGE_BITS];
    pages = more;
  }

  private void give(int place) {
    set(place, null);
    free.set(place);
  }
}
