package warmfront.edge.step;

import java.time.Duration;
import java.util.Optional;

/**
 * A fetch under way for one key. One leader fetches and settles it; the others wait for its head
 * and read the body while it comes.
 */
public interface Fill {
  /** Returns the key. */
  CacheKey key();

  /** Returns the stale object whose validators the leader may send to the origin. */
  Optional<Stored> stale();

  /**
   * Returns whether the leader may send the stale object at once and fetch in the background
   * (stale-while-revalidate, RFC 5861, section 3).
   */
  default boolean mayServeStale() {
    return false;
  }

  /**
   * Waits for the leader to settle it. Called on a virtual thread.
   *
   * @return what came of it; empty if it took longer than {@code limit}
   */
  Optional<Settled> await(Duration limit) throws InterruptedException;

  /**
   * Leaves the object to another server of the location, as the leader, before anything is fetched:
   * those who wait are told that it is {@link Settled.Unstorable#ELSEWHERE}.
   */
  void leaveElsewhere();

  /**
   * Gives up without an answer, as the leader: those who wait are woken and fetch by themselves.
   */
  void abandon();
}
