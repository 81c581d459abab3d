package warmfront.control.publish;

import java.time.Duration;

/**
 * How long things take between control and its fleet.
 *
 * @param beat between two words to a server that has nothing new to hear
 * @param silenceMax a server that said nothing for so long is not live
 * @param ttl how long resolvers keep our answers
 * @param poll between two looks at the log when no notice came
 * @param lease how long an edge may be without the latest changes before it is to leave DNS
 */
public record Timing(
    Duration beat, Duration silenceMax, Duration ttl, Duration poll, Duration lease) {
  /** So many words and looks at the log go into a lease. */
  private static final int BEATS_PER_LEASE = 5;

  private static final Duration BEAT_MAX = Duration.ofSeconds(1);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(4);

  /** What control uses. */
  public static final Timing STANDARD = of(Duration.ofSeconds(10), Duration.ofSeconds(20));

  public Timing {
    if (!lease.isPositive() || !beat.isPositive() || !poll.isPositive()) {
      throw new IllegalArgumentException(
          "beat, poll and lease are above 0: %s, %s, %s".formatted(beat, poll, lease));
    }
  }

  /** Returns the times of a fleet with leases of this length and answers of this TTL. */
  public static Timing of(Duration lease, Duration ttl) {
    Duration share = lease.dividedBy(BEATS_PER_LEASE);
    Duration beat = share.compareTo(BEAT_MAX) < 0 ? share : BEAT_MAX;
    Duration silence = lease.compareTo(SILENCE_MAX) < 0 ? lease : SILENCE_MAX;
    return new Timing(beat, silence, ttl, beat, lease);
  }

  /** Returns after how long a silence a DNS server does not count any more. */
  Duration absentAfter() {
    return silenceMax.plus(ttl);
  }
}
