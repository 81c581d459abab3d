package warmfront.streaming.segment;

import java.time.Instant;

/**
 * One run of a channel, from its publisher's coming to its going. Owned by its {@link Packager}.
 *
 * <p>What the timeline's zero is on the wall clock is found out: of the frames that came first,
 * those of a channel that was joined are older than they seem, so the ones that were late least
 * count. Once something was announced it stays.
 */
final class Broadcast {
  /** Seconds from 1900, where NTP's time begins, to 1970 (RFC 5905, section 6). */
  private static final long NTP_OFFSET = 2_208_988_800L;

  private final Instant began;
  private Instant zero = Instant.MAX;
  private boolean fixed;

  /** Begins one now. */
  Broadcast(Instant began) {
    this.began = began;
  }

  /** Hears when a frame came, until something was announced. */
  void heard(Instant now, long millis) {
    Instant from = now.minusMillis(millis);
    if (!fixed && from.isBefore(zero)) {
      zero = from;
    }
  }

  /** Fixes what the timeline's zero is: it was announced. */
  void fix() {
    fixed = true;
  }

  boolean isFixed() {
    return fixed;
  }

  /** Returns what the timeline's zero is on the wall clock, as far as is known. */
  Instant zero() {
    return zero.equals(Instant.MAX) ? began : zero;
  }

  /** Returns its name: no other broadcast of a channel has it. */
  String name() {
    return Long.toString(began.toEpochMilli(), Character.MAX_RADIX);
  }

  /**
   * Returns the first Media Sequence Number: it counts the seconds, and segments last longer, so
   * that the numbers of a later broadcast are higher, as players need that stayed.
   */
  long firstSequence() {
    return began.getEpochSecond();
  }

  Instant at(long ticks, int timescale) {
    return zero().plusNanos(nanos(ticks, timescale));
  }

  /** Returns NTP's time at a point of the timeline: seconds, and their fractions in 32 bits. */
  long ntp(long ticks, int timescale) {
    Instant at = at(ticks, timescale);
    long fraction = ((long) at.getNano() << 32) / 1_000_000_000L;
    return (at.getEpochSecond() + NTP_OFFSET) << 32 | fraction;
  }

  private static long nanos(long ticks, int timescale) {
    return ticks / timescale * 1_000_000_000L + ticks % timescale * 1_000_000_000L / timescale;
  }
}
