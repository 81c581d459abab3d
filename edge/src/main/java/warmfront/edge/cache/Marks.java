package warmfront.edge.cache;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which keys could not be stored, for a bounded time and in a bounded number. Its lock is
 * never held together with a slot's.
 */
final class Marks {
  /** How many expired marks one call wipes away. */
  private static final int WIPES_MAX = 16;

  private record Mark(Slot slot, long until) {}

  private final int max;
  private final Index index;
  private final Queue<Mark> marks = new ArrayDeque<>();

  Marks(int max, Index index) {
    this.max = max;
    this.index = index;
  }

  /** Notes that a slot, whose lock is not held now, was marked until {@code until}. */
  void add(Slot slot, long now, long until) {
    synchronized (marks) {
      marks.add(new Mark(slot, until));
    }
    wipe(now);
  }

  private void wipe(long now) {
    for (int i = 0; i < WIPES_MAX; i++) {
      @Nullable Mark expired = pollExpired(now);
      if (expired == null) {
        return;
      }
      synchronized (expired.slot()) {
        if (expired.slot().markedUntil <= expired.until()) {
          expired.slot().markedUntil = Slot.UNMARKED;
          index.tidy(expired.slot());
        }
      }
    }
  }

  private @Nullable Mark pollExpired(long now) {
    synchronized (marks) {
      @Nullable Mark eldest = marks.peek();
      return eldest != null && (eldest.until() <= now || marks.size() > max) ? marks.poll() : null;
    }
  }
}
