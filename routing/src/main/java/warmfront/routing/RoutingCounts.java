package warmfront.routing;

import java.util.Map;
import warmfront.routing.dns.DnsCounters;

/**
 * What routing did since its start.
 *
 * @param dns queries and replies
 * @param bases choices by what they rest on
 * @param locations choices by location
 * @param heartbeatsTaken heartbeats that told something new
 * @param heartbeatsStale heartbeats older than one taken before
 * @param heartbeatsRefused datagrams at the heartbeat port that no key proves
 */
public record RoutingCounts(
    DnsCounters.Counts dns,
    Map<Basis, Long> bases,
    Map<String, Long> locations,
    long heartbeatsTaken,
    long heartbeatsStale,
    long heartbeatsRefused) {
  public RoutingCounts {
    bases = Map.copyOf(bases);
    locations = Map.copyOf(locations);
  }
}
