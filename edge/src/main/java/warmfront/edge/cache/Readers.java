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
   * Returns how much of what a feed has brought is not read.
   *
   * @param byFastest whether the fastest of those who follow it counts, and not the slowest
   */
  synchronized long unread(Feed feed, boolean byFastest) {
    long least = feed.next();
    long most = feed.from();
    for (Reading reading : readings) {
      long position = reading.position();
      if (position >= feed.from() && position <= feed.next()) {
        least = Math.min(least, position);
        most = Math.max(most, position);
      }
    }
    boolean followed = least < feed.next() || most > feed.from();
    return followed ? feed.next() - (byFastest ? most : least) : feed.next() - feed.from();
  }
}
