package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order in which they should leave: GreedyDual-Size-Frequency (Cherkasova, 1998) with
 * first-in-first-out queues, one for each power of two of the size, in place of a heap. An item's
 * credit, given when it joins, is its uses divided by a power of its size, above the credit of the
 * last that left. In one queue credits hardly ever fall, so the least is at the head of one of
 * them, and finding it costs a look at each head, however many items there are. Not thread-safe.
 *
 * <p>Credits are whole numbers that wrap around and are compared by their difference, as sequence
 * numbers are: they never lose precision, however long the process lives.
 */
final class SizeClasses<T> {
  /** The longest object that is told from longer ones: 64 GiB, past CloudFront's 50 GB. */
  private static final int CLASSES = 37;

  /** The credit of one use of the shortest object; with 4 uses it stays far from a wrap. */
  private static final int GAIN_BITS = 44;

  private final List<Item.Queue<T>> queues = new ArrayList<>(CLASSES);
  private final long[] gains = new long[CLASSES];

  /** A bit for each queue that is not empty. */
  private long filled;

  private long credit;
  private long bytes;

  /**
   * Makes empty classes.
   *
   * @param sizeWeight the power of the size by which uses are divided: 0 treats all alike, 1
   *     prefers the shorter by as much as they are shorter
   */
  SizeClasses(double sizeWeight) {
    for (int i = 0; i < CLASSES; i++) {
      queues.add(new Item.Queue<>());
      gains[i] = Math.round(Math.pow(2, GAIN_BITS - sizeWeight * i));
    }
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /** Returns whether {@code queue} is one of these. */
  boolean holds(Item<T> item) {
    return item.queue == queues.get(classOf(item));
  }

  void add(Item<T> item) {
    int at = classOf(item);
    item.credit = credit + gains[at] * (item.uses() + 1);
    queues.get(at).add(item);
    filled |= 1L << at;
    bytes += item.bytes();
  }

  void remove(Item<T> item) {
    int at = classOf(item);
    Item.Queue<T> queue = queues.get(at);
    queue.remove(item);
    if (queue.oldest() == null) {
      filled &= ~(1L << at);
    }
    bytes -= item.bytes();
  }

  /** Takes out the item of the least credit; null if there is none. */
  @Nullable Item<T> poll() {
    @Nullable Item<T> least = null;
    for (long left = filled; left != 0; left &= left - 1) {
      @Nullable Item<T> head = queues.get(Long.numberOfTrailingZeros(left)).oldest();
      // The longer one leaves where both are worth the same.
      if (head != null && (least == null || head.credit - least.credit <= 0)) {
        least = head;
      }
    }
    if (least != null) {
      remove(least);
      if (least.credit - credit > 0) {
        credit = least.credit;
      }
    }
    return least;
  }

  private static int classOf(Item<?> item) {
    return Math.min(63 - Long.numberOfLeadingZeros(item.bytes() | 1), CLASSES - 1);
  }
}
