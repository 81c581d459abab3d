package warmfront.routing.dns;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many replies a second a network may be sent that has not proved to have asked for them: if it
 * did not, it is the victim. Networks are counted in a table without their names, so that strangers
 * cannot fill it; two that share a place share its rate. Thread-safe; counts are not exact, which
 * costs a reply or two.
 */
final class RateLimit {
  /** What becomes of a reply. */
  enum Verdict {
    SENT,
    /** It says only that the client is to prove its address: by TCP or by a cookie. */
    SLIPPED,
    DROPPED
  }

  private static final int PLACE_BITS = 16;

  /** Networks of one answer, and what most networks hold as one: RFC 7871, section 11.1. */
  private static final long IPV4_MASK = -1L << (Long.SIZE - 24);

  private static final long IPV6_MASK = -1L << (Long.SIZE - 56);

  /** In each place the second, in the upper half, and the replies in it. */
  private final AtomicLongArray places = new AtomicLongArray(1 << PLACE_BITS);

  private final long seed;
  private final int perSecondMax;
  private final int slip;

  /**
   * Makes a limit.
   *
   * @param seed unknown to others, so that nobody can choose with whom to share a place
   */
  RateLimit(DnsLimits limits, long seed) {
    this.seed = seed;
    this.perSecondMax = limits.unproven().repliesPerSecondMax();
    this.slip = limits.unproven().slip();
  }

  /** Counts a reply to a client in a second of any steady clock. */
  Verdict take(Client client, int second) {
    long mask = client.family() == AddressFamily.IPV4 ? IPV4_MASK : IPV6_MASK;
    long mixed = ((client.high() & mask) ^ seed) * 0x9e3779b97f4a7c15L;
    long spread = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
    int place = (int) (spread >>> (Long.SIZE - PLACE_BITS));
    long seen = places.getPlain(place);
    int count = (int) (seen >>> 32) == second ? (int) seen + 1 : 1;
    places.setPlain(place, (long) second << 32 | count);
    if (count <= perSecondMax) {
      return Verdict.SENT;
    }
    return (count - perSecondMax) % slip == 0 ? Verdict.SLIPPED : Verdict.DROPPED;
  }
}
