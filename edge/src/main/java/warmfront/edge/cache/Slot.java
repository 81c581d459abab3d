package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/**
 * All that the cache has of one key. Written under its own lock; {@link #resident} is read without
 * it by look-ups. Nothing is waited for and no call-back runs while the lock is held.
 */
final class Slot {
  /** When the mark of a key ends that has none. */
  static final long UNMARKED = Long.MIN_VALUE;

  private final CacheKey key;

  /** The object in memory, whole or on its way. */
  volatile @Nullable Resident resident;

  /** The fetch that others join. */
  @Nullable Filling filling;

  /** The read from disk that others join. */
  @Nullable Promoting promoting;

  /** Until when the key is known as not storable. */
  long markedUntil = UNMARKED;

  /** Set when it has left the index; whoever finds it so looks there again. */
  boolean gone;

  Slot(CacheKey key) {
    this.key = key;
  }

  CacheKey key() {
    return key;
  }

  boolean isMarked(long now) {
    return now < markedUntil;
  }

  /** Returns whether nothing is left to remember. */
  boolean isEmpty(Timeline time) {
    return resident == null
        && filling == null
        && promoting == null
        && (markedUntil == UNMARKED || !isMarked(time.millis()));
  }
}
