package warmfront.time;

import java.time.Duration;
import java.time.Instant;

/** A clock whose time passes faster than another's, from the moment when it was made. */
final class FasterClock implements Clock {
  private final Clock clock;
  private final double pace;
  private final Instant start;
  private final long startNanos;

  FasterClock(Clock clock, double pace) {
    this.clock = clock;
    this.pace = pace;
    this.start = clock.now();
    this.startNanos = clock.nanos();
  }

  @Override
  public Instant now() {
    long passed = Duration.between(start, clock.now()).toNanos();
    return start.plusNanos((long) (passed * pace));
  }

  @Override
  public long nanos() {
    return startNanos + (long) ((clock.nanos() - startNanos) * pace);
  }
}
