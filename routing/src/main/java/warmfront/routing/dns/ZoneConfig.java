package warmfront.routing.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The zone that this server answers for.
 *
 * @param name the zone, as {@code cdn.example.net}
 * @param mailbox who is responsible, as a domain name: {@code hostmaster.example.net} (RFC 1035,
 *     section 8)
 * @param nameServers 1 to 13; the first is the SOA record's
 * @param apex addresses of the zone's own name; may be none
 * @param issuers who may issue certificates for its names; anyone, if none is named
 * @param addressTtl how long addresses of distributions may be kept
 * @param delegationTtl how long NS, SOA and the name servers' and the zone's own addresses may be
 * @param negativeTtl how long it may be kept that something is not there (RFC 2308)
 */
public record ZoneConfig(
    String name,
    String mailbox,
    List<NameServer> nameServers,
    List<InetAddress> apex,
    List<IssuerRecord> issuers,
    Duration addressTtl,
    Duration delegationTtl,
    Duration negativeTtl) {
  /** Most name servers of a zone, as the root has them. */
  static final int NAME_SERVERS_MAX = 13;

  /** Most CAA records: all of them stand in one reply. */
  static final int ISSUERS_MAX = 8;

  /**
   * A name server of the zone.
   *
   * @param name its name
   * @param addresses its addresses, needed if its name is in the zone (glue)
   */
  public record NameServer(String name, List<InetAddress> addresses) {
    public NameServer {
      WireName.of(name);
      addresses = List.copyOf(addresses);
    }
  }

  public ZoneConfig {
    WireName zone = WireName.of(name);
    WireName.of(mailbox);
    nameServers = List.copyOf(nameServers);
    apex = List.copyOf(apex);
    issuers = List.copyOf(issuers);
    if (issuers.size() > ISSUERS_MAX) {
      throw new IllegalArgumentException(
          "a zone has at most %d CAA records: %d".formatted(ISSUERS_MAX, issuers.size()));
    }
    if (nameServers.isEmpty() || nameServers.size() > NAME_SERVERS_MAX) {
      throw new IllegalArgumentException(
          "a zone has 1 to %d name servers: %d".formatted(NAME_SERVERS_MAX, nameServers.size()));
    }
    for (NameServer server : nameServers) {
      if (WireName.of(server.name()).isIn(zone) && server.addresses().isEmpty()) {
        throw new IllegalArgumentException(
            "a name server within its zone needs an address: " + server.name());
      }
    }
    requireTtl(addressTtl);
    requireTtl(delegationTtl);
    requireTtl(negativeTtl);
  }

  /** Returns a zone with the usual times: addresses 20 s, delegation 1 h, negative 30 s. */
  public static ZoneConfig of(
      String name, String mailbox, List<NameServer> nameServers, List<InetAddress> apex) {
    return new ZoneConfig(
        name,
        mailbox,
        nameServers,
        apex,
        List.of(),
        Duration.ofSeconds(20),
        Duration.ofHours(1),
        Duration.ofSeconds(30));
  }

  private static void requireTtl(Duration ttl) {
    // RFC 2181, section 8: at most 2^31 - 1 seconds; a day is more than anyone means.
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a time to live is 1 s to 1 day: " + ttl);
    }
  }
}
