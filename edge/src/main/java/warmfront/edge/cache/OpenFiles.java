package warmfront.edge.cache;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of a disk's open files within a limit: those used longest ago are closed.
 * Thread-safe.
 */
final class OpenFiles {
  private final int max;
  private final Set<Segment> open = new LinkedHashSet<>();

  OpenFiles(int max) {
    this.max = max;
  }

  /** Notes that a segment's file is open and in use. */
  void used(Segment segment) {
    @Nullable Segment eldest = null;
    synchronized (open) {
      open.remove(segment);
      open.add(segment);
      if (open.size() > max) {
        Iterator<Segment> all = open.iterator();
        eldest = all.next();
        all.remove();
      }
    }
    if (eldest != null) {
      eldest.rest();
    }
  }

  void forget(Segment segment) {
    synchronized (open) {
      open.remove(segment);
    }
  }
}
