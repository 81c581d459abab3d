package warmfront.edge;

import java.time.Instant;
import warmfront.http.HttpDate;
import warmfront.time.Clock;

/** The value of Date (RFC 9110, section 6.6.1), made once a second. Thread-safe. */
final class Dates {
  private final Clock clock;
  private volatile Said last = new Said(Long.MIN_VALUE, "");

  private record Said(long second, String text) {}

  Dates(Clock clock) {
    this.clock = clock;
  }

  /** Returns the date of now. */
  String now() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    Said said = last;
    if (said.second() != second) {
      said = new Said(second, HttpDate.format(Instant.ofEpochSecond(second)));
      last = said;
    }
    return said.text();
  }
}
