package warmfront.edge.cache;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO (Yang and others, SOSP 2023) with an eye for sizes. An object begins in a small trial
 * area and leaves it for the main one if it was used again, else it goes and is remembered; one
 * that comes back while it is remembered begins in the main area. So a scan never gets beyond the
 * trial. Within each area {@link SizeClasses} say who is next: a long object on trial makes room
 * for as many short ones as it weighs, and in the main area, where bytes count as well as requests,
 * for the root of that. What has expired goes before all others. One lock, taken on stores and
 * evictions, never on a hit.
 *
 * <p>{@code ./warmfront bench hit-ratio} measures this very class; the numbers here are those that
 * did best there on traces of a content delivery network and of a disk.
 */
final class ScanResistant<T> implements Eviction<T> {
  /** The trial area's share: a tenth, as the paper found best. */
  private static final int TRIAL_SHARE = 10;

  /** How many objects are looked at before a caller is told that none may leave. */
  private static final int LOOKS_MAX = 512;

  private final long trialBytes;
  private final SizeClasses<T> trial = new SizeClasses<>(1);
  private final SizeClasses<T> main = new SizeClasses<>(0.5);
  private final Lifetimes<T> lifetimes = new Lifetimes<>();
  private final Ghosts ghosts;

  ScanResistant(long budgetBytes) {
    trialBytes = budgetBytes / TRIAL_SHARE;
    ghosts = new Ghosts(budgetBytes - trialBytes);
  }

  @Override
  public synchronized void admit(Item<T> item, long now) {
    if (item.queue == null) {
      (ghosts.remove(item.id()) ? main : trial).add(item);
      lifetimes.add(item, now);
    }
  }

  @Override
  public synchronized void forget(Item<T> item) {
    if (item.queue != null) {
      (trial.holds(item) ? trial : main).remove(item);
      lifetimes.remove(item);
    }
  }

  @Override
  public synchronized @Nullable Item<T> victim(long now, Predicate<T> free) {
    @Nullable Item<T> expired = lifetimes.poll(now, free);
    if (expired != null) {
      forget(expired);
      return expired;
    }
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      boolean mainHeld = looks >= LOOKS_MAX / 2 && !trial.isEmpty();
      boolean onTrial = trial.bytes() > trialBytes || main.isEmpty() || mainHeld;
      @Nullable Item<T> item = (onTrial ? trial : main).poll();
      if (item == null) {
        return null;
      }
      if (leaves(item, onTrial, free)) {
        lifetimes.remove(item);
        return item;
      }
    }
    return null;
  }

  private boolean leaves(Item<T> item, boolean onTrial, Predicate<T> free) {
    boolean stays = item.uses() > 0;
    if (!stays && free.test(item.owner())) {
      if (onTrial) {
        ghosts.add(item.id(), item.bytes());
      }
      return true;
    }
    if (onTrial) {
      item.forgetUses();
    } else {
      item.forgetUse();
    }
    main.add(item);
    return false;
  }
}
