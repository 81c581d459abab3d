package warmfront.edge.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;

/** Finds a key's slot; finding allocates nothing. Thread-safe. */
final class Index {
  private final ConcurrentHashMap<CacheKey, Slot> slots = new ConcurrentHashMap<>();
  private final Timeline time;

  Index(Timeline time) {
    this.time = time;
  }

  @Nullable Slot find(CacheKey key) {
    return slots.get(key);
  }

  private Slot findOrMake(CacheKey key) {
    @Nullable Slot found = slots.get(key); // which locks no bin
    return found == null ? slots.computeIfAbsent(key.compact(), Slot::new) : found;
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
      slots.remove(slot.key(), slot);
    }
  }

  void forEach(Consumer<Slot> action) {
    slots.values().forEach(action);
  }

  /** Returns the number of keys. */
  int size() {
    return slots.size();
  }
}
