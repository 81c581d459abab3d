package warmfront.edge.cache;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/**
 * Finds a key's slot; finding makes nothing, and locks only where nothing is found. Thread-safe.
 */
final class Index {
  private static final int SHARD_BITS = 4;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final IndexShard[] shards = new IndexShard[1 << SHARD_BITS];
  private final Timeline time;

  Index(Timeline time) {
    this.time = time;
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new IndexShard();
    }
  }

  /** Returns a number whose upper bits say which shard is a key's, and those below where in it. */
  private static long hash(CacheKey key) {
    return key.low() * MIX;
  }

  private IndexShard shard(long hash) {
    return shards[(int) (hash >>> (Long.SIZE - SHARD_BITS))];
  }

  @Nullable Slot find(CacheKey key) {
    long hash = hash(key);
    return shard(hash).find(key, hash << SHARD_BITS);
  }

  private Slot findOrMake(CacheKey key) {
    long hash = hash(key);
    return shard(hash).findOrMake(key, hash << SHARD_BITS);
  }

  /** Runs {@code action} on the key's slot, made if it is not there, under the slot's lock. */
  <T> T in(CacheKey key, Function<Slot, T> action) {
    while (true) {
      Slot slot = findOrMake(key);
      synchronized (slot) {
        if (!slot.gone) {
          return action.apply(slot);
        }
      }
    }
  }

  /** Takes a slot out if nothing is left in it. Called under the slot's lock. */
  void tidy(Slot slot) {
    if (!slot.gone && slot.isEmpty(time)) {
      slot.gone = true;
      long hash = hash(slot.key());
      shard(hash).remove(slot, hash << SHARD_BITS);
    }
  }

  /** Passes those on that are there all the while, and perhaps some of the others. */
  void forEach(Consumer<Slot> action) {
    for (IndexShard shard : shards) {
      shard.forEach(action);
    }
  }

  /** Returns the number of keys. */
  int size() {
    int size = 0;
    for (IndexShard shard : shards) {
      size += shard.size();
    }
    return size;
  }
}
