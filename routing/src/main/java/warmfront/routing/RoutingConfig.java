package warmfront.routing;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import warmfront.routing.dns.DnsLimits;
import warmfront.routing.dns.ZoneConfig;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.latency.LatencyLimits;

/**
 * What a DNS server of the fleet is told by its operator.
 *
 * @param zone the zone that it answers for
 * @param listen where it answers DNS, over UDP and TCP; port 0 takes a free one
 * @param heartbeats where it takes heartbeats, over UDP; empty where they come by calls only
 * @param latencyTable a table of measured times ({@link warmfront.routing.latency.LatencyTable})
 * @param countryDatabase which addresses belong to which country ({@link
 *     warmfront.routing.place.CountryDatabase})
 * @param kept the folder where it keeps what it made of the country database for its next start;
 *     empty to make it anew each time
 * @param http3 whether the edges speak HTTP/3 with viewers of distributions that have it, so that
 *     HTTPS records may say so
 * @param limits what it bears
 */
public record RoutingConfig(
    ZoneConfig zone,
    List<InetSocketAddress> listen,
    Optional<InetSocketAddress> heartbeats,
    Optional<Path> latencyTable,
    Optional<Path> countryDatabase,
    Optional<Path> kept,
    boolean http3,
    Limits limits) {
  /**
   * All limits of routing.
   *
   * @param dns of the DNS server
   * @param health of judging servers
   * @param latency of the latency table
   */
  public record Limits(DnsLimits dns, HealthLimits health, LatencyLimits latency) {
    /** The usual ones. */
    public static final Limits DEFAULT =
        new Limits(DnsLimits.DEFAULT, HealthLimits.DEFAULT, LatencyLimits.DEFAULT);
  }

  /** Makes one for edges that speak HTTP/3. */
  public RoutingConfig(
      ZoneConfig zone,
      List<InetSocketAddress> listen,
      Optional<InetSocketAddress> heartbeats,
      Optional<Path> latencyTable,
      Optional<Path> countryDatabase,
      Optional<Path> kept,
      Limits limits) {
    this(zone, listen, heartbeats, latencyTable, countryDatabase, kept, true, limits);
  }

  public RoutingConfig {
    listen = List.copyOf(listen);
    if (listen.isEmpty()) {
      throw new IllegalArgumentException("a DNS server listens somewhere");
    }
    for (InetSocketAddress address : listen) {
      if (address.isUnresolved()) {
        throw new IllegalArgumentException("not an address: " + address);
      }
    }
  }
}
