package warmfront.edge.cache;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/**
 * Finds a key's slot; finding makes nothing, and locks only where nothing is found. Thread-safe.
 */
final class Index {
  private static final int SHARDS = 16;

  private final IndexShard[] shards = new IndexShard[SHARDS];
  private final Timeline time;

  Index(Timeline time) {
    this.time = time;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new IndexShard();
    }
  }

  private IndexShard shard(CacheKey key) {
    return shards[(int) key.high() & SHARDS - 1];
  }

  @Nullable Slot find(CacheKey key) {
    return shard(key).find(key);
  }

  /** Runs {@code action} on the key's slot, made if it is not there, under the slot's lock. */
  <T> T in(CacheKey key, Function<Slot, T> action) {
    while (true) {
      Slot slot = shard(key).findOrMake(key);
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
      shard(slot.key()).remove(slot);
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
