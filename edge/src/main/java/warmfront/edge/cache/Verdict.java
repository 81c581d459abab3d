package warmfront.edge.cache;

import java.time.Duration;
import java.util.Set;
import warmfront.edge.step.Settled;

/** Whether an answer may be kept. */
sealed interface Verdict {
  /**
   * It may.
   *
   * @param age its age on arrival
   * @param fresh how long it is served without asking
   * @param background how long it is served while it is asked for, from arrival
   * @param excusable how long it may stand in for a failing origin, from arrival
   * @param withheld names of fields that are not kept, in lower case
   */
  record Keep(
      Duration age, Duration fresh, Duration background, Duration excusable, Set<String> withheld)
      implements Verdict {
    /** Returns the life of an object that came at {@code now}. */
    Life life(long now) {
      return new Life(
          now,
          age.toMillis(),
          now + fresh.toMillis(),
          now + background.toMillis(),
          now + excusable.toMillis());
    }
  }

  /** It may not. */
  record Refuse(Settled.Unstorable reason) implements Verdict {}
}
