package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;

/** Who reads a long object now, and how far they are. Thread-safe, by its lock. */
final class Readers {
  private final List<Reading> readings = new ArrayList<>(1);
  private volatile long slowest = Long.MAX_VALUE;

  synchronized void add(Reading reading) {
    readings.add(reading);
    advanced();
  }

  synchronized void remove(Reading reading) {
    readings.remove(reading);
    advanced();
  }

  /** One of them got further. */
  synchronized void advanced() {
    long least = Long.MAX_VALUE;
    for (Reading reading : readings) {
      least = Math.min(least, reading.position());
    }
    slowest = least;
  }

  /** Returns the slowest one's position; the largest number if there is none. */
  long slowest() {
    return slowest;
  }

  /** Has all of them look for what they wait for. */
  void wake() {
    List<Reading> all;
    synchronized (this) {
      all = List.copyOf(readings);
    }
    all.forEach(Reading::proceed);
  }

  /**
   * Returns how much of what a feed has brought is not read by those who follow it. If nobody does
   * that is all of it, or nothing if somebody waits for what it is still to bring.
   *
   * @param byFastest whether the fastest of them counts, and not the slowest
   */
  synchronized long unread(Feed feed, boolean byFastest) {
    long next = feed.next();
    long least = next;
    long most = feed.from();
    boolean awaited = false;
    for (Reading reading : readings) {
      long position = reading.position();
      if (position >= feed.from() && position <= next) {
        least = Math.min(least, position);
        most = Math.max(most, position);
      }
      awaited |= position > next && feed.brings(position) && position - next <= Sliced.NEAR_BYTES;
    }
    boolean followed = least < next || most > feed.from();
    if (awaited && (byFastest || !followed)) {
      return 0;
    }
    return followed ? next - (byFastest ? most : least) : next - feed.from();
  }
}
