package warmfront.routing;

import java.util.Map;
import java.util.Set;
import warmfront.routing.health.Judgement;

/**
 * How routing stands at a moment, for people and gauges.
 *
 * @param revision the log's revision that is answered from; 0 before the first picture
 * @param names how many distributions' names are answered
 * @param locations each location: {@code serving}, {@code stale}, {@code draining}, {@code dead} or
 *     {@code no server}
 * @param servers what is thought of each edge server
 * @param lapsed the edge servers that may not know the latest changes
 * @param healthIgnored whether so many locations look dead that it is not believed
 * @param freshnessIgnored whether so few locations have the latest changes that all serve
 * @param ranges4 how many ranges of IPv4 have an answer of their own
 * @param ranges6 how many ranges of IPv6 have
 */
public record RoutingStatus(
    long revision,
    int names,
    Map<String, String> locations,
    Map<String, Judgement> servers,
    Set<String> lapsed,
    boolean healthIgnored,
    boolean freshnessIgnored,
    int ranges4,
    int ranges6) {
  public RoutingStatus {
    locations = Map.copyOf(locations);
    servers = Map.copyOf(servers);
    lapsed = Set.copyOf(lapsed);
  }
}
