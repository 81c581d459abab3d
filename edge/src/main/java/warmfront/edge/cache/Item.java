package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Eviction} knows of an object. Its links belong to the policy, under the policy's
 * lock; the uses are counted without one, because a lost count does no harm.
 *
 * @param <T> what it stands for
 */
final class Item<T> {
  private static final int USES_MAX = 3;

  private final T owner;
  private final long id;
  private final long bytes;

  private byte uses;
  @Nullable Item<T> older;
  @Nullable Item<T> newer;
  @Nullable Queue<T> queue;

  /**
   * Makes an item.
   *
   * @param owner what it stands for
   * @param id a hash of its key
   * @param bytes what it takes in memory
   */
  Item(T owner, long id, long bytes) {
    this.owner = owner;
    this.id = id;
    this.bytes = bytes;
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

  int uses() {
    return uses;
  }

  /** Notes a use; stops counting at 3, so that a hot object is not written to all the time. */
  void use() {
    if (uses < USES_MAX) {
      uses = (byte) (uses + 1);
    }
  }

  void forgetUse() {
    uses = (byte) Math.max(0, uses - 1);
  }

  void forgetUses() {
    uses = 0;
  }

  /** A first-in-first-out chain of items. Not thread-safe. */
  static final class Queue<T> {
    private @Nullable Item<T> oldest;
    private @Nullable Item<T> newest;
    private long bytes;

    long bytes() {
      return bytes;
    }

    boolean isEmpty() {
      return oldest == null;
    }

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
      bytes += item.bytes;
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
      bytes -= item.bytes;
    }

    @Nullable Item<T> oldest() {
      return oldest;
    }
  }
}
