package warmfront.routing.map;

import java.time.Duration;

/** The time of measurements: in half-lives since an epoch, which moves on when much has passed. */
final class Epoch {
  static final double LN_2 = Math.log(2);

  /** After so long a measurement weighs half. */
  static final Duration HALF_LIFE = Duration.ofHours(6);

  /** What weighs less is as good as nothing. */
  static final double WEIGHT_MIN = 0.1;

  /** Sixteen bits hold 64 half-lives of levels; weights of 4096 take twelve of them. */
  static final int REBASE = 40;

  /** Ranges are remembered by the ten minutes in which they were seen. */
  private static final long TICK_MILLIS = Duration.ofMinutes(10).toMillis();

  static final int TICKS_PER_REBASE = (int) (REBASE * HALF_LIFE.toMillis() / TICK_MILLIS);

  private long startMillis;

  Epoch(long startMillis) {
    this.startMillis = startMillis;
  }

  long startMillis() {
    return startMillis;
  }

  /** Returns the half-lives since the epoch; not before it, whatever the clock says. */
  double halfLives(long nowMillis) {
    return Math.clamp((nowMillis - startMillis) / (double) HALF_LIFE.toMillis(), 0, 2.0 * REBASE);
  }

  /** Returns the ticks since the epoch; the first is {@code TICKS_PER_REBASE}. */
  int tick(long nowMillis) {
    long ticks = Math.max(0, nowMillis - startMillis) / TICK_MILLIS;
    return (int) Math.min(Character.MAX_VALUE, TICKS_PER_REBASE + ticks);
  }

  static long millis(int ticks) {
    return ticks * TICK_MILLIS;
  }

  boolean isDue(long nowMillis) {
    return nowMillis - startMillis > REBASE * HALF_LIFE.toMillis();
  }

  /** Moves the epoch on by {@link #REBASE} half-lives. */
  void rebase() {
    startMillis += REBASE * HALF_LIFE.toMillis();
  }
}
