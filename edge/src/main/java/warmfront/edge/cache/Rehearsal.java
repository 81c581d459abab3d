package warmfront.edge.cache;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The eviction of the memory tier, driven by bare requests in place of objects: for measuring on a
 * trace how much a cache of some size would have served. The policy is the one that serves viewers;
 * only the bytes are not there. Not thread-safe.
 */
public final class Rehearsal {
  private final long capacity;
  private final Eviction<Long> eviction;
  private final Map<Long, Item<Long>> inside = new HashMap<>();
  private long bytes;

  /**
   * Makes an empty cache.
   *
   * @param capacity how many bytes it holds
   */
  public Rehearsal(long capacity) {
    this.capacity = capacity;
    eviction = new ScanResistant<>(capacity);
  }

  /**
   * Asks for an object, which is stored if it was not there and fits.
   *
   * @param id which
   * @param size its length in bytes, at least 1, if it is not there
   * @return whether it was there
   */
  public boolean request(long id, long size) {
    @Nullable Item<Long> there = inside.get(id);
    if (there != null) {
      there.use();
      return true;
    }
    if (size <= capacity) {
      makeRoom(size);
      Item<Long> item = new Item<>(id, id, size, Item.NEVER);
      inside.put(id, item);
      bytes += size;
      eviction.admit(item, 0);
    }
    return false;
  }

  private void makeRoom(long size) {
    while (bytes + size > capacity) {
      @Nullable Item<Long> victim = eviction.victim(0, _ -> true);
      if (victim != null) {
        inside.remove(victim.owner());
        bytes -= victim.bytes();
      }
    }
  }
}
