package warmfront.edge.cache;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO (Yang and others, SOSP 2023), with queues measured in bytes: an object begins in a small
 * queue and leaves it for the main one if it was used again, else it goes and its hash is
 * remembered; one that comes back while it is remembered begins in the main queue. So a scan never
 * gets beyond the small queue. One lock, taken on stores and evictions, never on a hit.
 */
final class ScanResistant<T> implements Eviction<T> {
  /** The small queue's share: a tenth, as the paper found best. */
  private static final int SMALL_SHARE = 10;

  /** Uses that make an object leave the small queue for the main one, as the paper has it. */
  private static final int USES_TO_STAY = 2;

  /** How many objects are looked at before a caller is told that none may leave. */
  private static final int LOOKS_MAX = 512;

  private static final int GHOSTS = 1 << 16;

  private final long smallBytes;
  private final Item.Queue<T> small = new Item.Queue<>();
  private final Item.Queue<T> main = new Item.Queue<>();

  /** Hashes of objects that left the small queue; a newer one takes an older one's place. */
  private final long[] ghosts = new long[GHOSTS];

  ScanResistant(long budgetBytes) {
    smallBytes = budgetBytes / SMALL_SHARE;
  }

  @Override
  public synchronized void admit(Item<T> item) {
    if (item.queue == null) {
      (isGhost(item) ? main : small).add(item);
    }
  }

  @Override
  public synchronized void forget(Item<T> item) {
    Item.@Nullable Queue<T> queue = item.queue;
    if (queue != null) {
      queue.remove(item);
    }
  }

  @Override
  public synchronized @Nullable Item<T> victim(Predicate<T> free) {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      boolean mainHeld = looks >= LOOKS_MAX / 2 && !small.isEmpty();
      boolean fromSmall = small.bytes() > smallBytes || main.isEmpty() || mainHeld;
      @Nullable Item<T> item = fromSmall ? small.oldest() : main.oldest();
      if (item == null) {
        return null;
      }
      if (leaves(item, fromSmall, free)) {
        return item;
      }
    }
    return null;
  }

  private boolean leaves(Item<T> item, boolean fromSmall, Predicate<T> free) {
    (fromSmall ? small : main).remove(item);
    boolean stays = fromSmall ? item.uses() >= USES_TO_STAY : item.uses() > 0;
    if (!stays && free.test(item.owner())) {
      if (fromSmall) {
        ghosts[slotOf(item)] = item.id();
      }
      return true;
    }
    if (fromSmall) {
      item.forgetUses();
    } else {
      item.forgetUse();
    }
    main.add(item);
    return false;
  }

  private boolean isGhost(Item<T> item) {
    return ghosts[slotOf(item)] == item.id() && item.id() != 0;
  }

  private static int slotOf(Item<?> item) {
    return (int) (item.id() ^ item.id() >>> 32) & GHOSTS - 1;
  }
}
