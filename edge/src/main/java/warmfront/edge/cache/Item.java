package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Eviction} knows of an object. Its links belong to the policy, under the policy's
 * lock; the uses are counted without one, because a lost count does no harm.
 *
 * @param <T> what it stands for
 */
final class Item<T> {
  /** When an object expires that never does. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int USES_MAX = 3;

  private final T owner;
  private final long id;
  private final long bytes;
  private final long expires;

  private byte uses;

  /** Whether uses were forgotten: it was asked for before the policy last looked at it. */
  private boolean usedBefore;

  /** What it is worth in its {@link SizeClasses}; wraps around. */
  long credit;

  @Nullable Item<T> older;
  @Nullable Item<T> newer;
  @Nullable Queue<T> queue;

  @Nullable Item<T> sooner;
  @Nullable Item<T> later;

  /** Which of the {@link Lifetimes} it stands in; -1 for none. */
  byte lifetime = -1;

  /**
   * Makes an item.
   *
   * @param owner what it stands for
   * @param id a hash of its key
   * @param bytes what it takes in memory, at least 1
   * @param expires when it is of no use any more without asking the origin; {@link #NEVER} if that
   *     does not come
   */
  Item(T owner, long id, long bytes, long expires) {
    this.owner = owner;
    this.id = id;
    this.bytes = bytes;
    this.expires = expires;
  }

  T owner() {
    return owner;
  }

  long id() {
    return id;
  }

  long bytes() {
    return bytes;
  }

  long expires() {
    return expires;
  }

  int uses() {
    return uses;
  }

  /**
   * Notes a use; stops counting at 3, so that a hot object is not written to all the time. Returns
   * whether it is the first since the policy last forgot them.
   */
  boolean use() {
    byte before = uses;
    if (before < USES_MAX) {
      uses = (byte) (before + 1);
    }
    return before == 0;
  }

  /** Returns whether it was ever used. */
  boolean wasUsed() {
    return usedBefore || uses > 0;
  }

  void forgetUse() {
    usedBefore |= uses > 0;
    uses = (byte) Math.max(0, uses - 1);
  }

  void forgetUses() {
    usedBefore |= uses > 0;
    uses = 0;
  }

  /** A first-in-first-out chain of items. Not thread-safe. */
  static final class Queue<T> {
    private @Nullable Item<T> oldest;
    private @Nullable Item<T> newest;

    void add(Item<T> item) {
      @Nullable Item<T> last = newest;
      item.older = last;
      item.newer = null;
      item.queue = this;
      if (last == null) {
        oldest = item;
      } else {
        last.newer = item;
      }
      newest = item;
    }

    void remove(Item<T> item) {
      @Nullable Item<T> before = item.older;
      @Nullable Item<T> after = item.newer;
      if (before == null) {
        oldest = after;
      } else {
        before.newer = after;
      }
      if (after == null) {
        newest = before;
      } else {
        after.older = before;
      }
      item.older = null;
      item.newer = null;
      item.queue = null;
    }

    @Nullable Item<T> oldest() {
      return oldest;
    }
  }
}
