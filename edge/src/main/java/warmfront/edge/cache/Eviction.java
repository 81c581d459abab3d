package warmfront.edge.cache;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which object leaves memory. Uses are noted on the item itself. Thread-safe. Times are of
 * the {@link Timeline}, in milliseconds.
 *
 * @param <T> what items stand for
 */
interface Eviction<T> {
  /** Takes an object in; one that is in already stays as it is. */
  void admit(Item<T> item, long now);

  /** Lets go of an object that left by another way; one that is not in is ignored. */
  void forget(Item<T> item);

  /**
   * Chooses an object, lets go of it and returns it; one that has expired goes before all others.
   *
   * @param now the time
   * @param free says whether an object may leave now
   * @return null if none of those looked at may leave
   */
  @Nullable Item<T> victim(long now, Predicate<T> free);
}
