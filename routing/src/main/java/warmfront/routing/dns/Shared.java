package warmfront.routing.dns;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import warmfront.time.Clock;

/**
 * What all responders of a server have in common.
 *
 * @param zones gives the zone as it is at the moment
 * @param secret that cookies are made with
 * @param rate of replies to networks
 */
record Shared(
    Supplier<Zone> zones,
    DnsLimits limits,
    DnsCounters counters,
    CookieSecret secret,
    RateLimit rate,
    Clock clock) {
  /**
   * Makes it new.
   *
   * @param random of which nobody can foretell anything
   */
  static Shared of(
      Supplier<Zone> zones,
      DnsLimits limits,
      DnsCounters counters,
      RandomGenerator random,
      Clock clock) {
    return new Shared(
        zones,
        limits,
        counters,
        new CookieSecret(() -> zones.get().cookieSecret(), random, clock),
        new RateLimit(limits, random.nextLong()),
        clock);
  }
}
