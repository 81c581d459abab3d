package warmfront.routing.dns;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The zone's own records, ready to be copied.
 *
 * @param nameServers its NS records
 * @param authority its SOA record
 * @param issuers the data of its CAA records
 * @param addressTtl for tailored addresses, in seconds
 * @param delegationTtl for the zone's own records, in seconds
 * @param negativeTtl for what is not there, in seconds
 */
record ZoneRecords(
    List<NameServer> nameServers,
    Authority authority,
    List<byte[]> issuers,
    int addressTtl,
    int delegationTtl,
    int negativeTtl) {
  // For secondaries, of which there are none: zone transfer is not offered.
  private static final int REFRESH_SECONDS = 3600;
  private static final int RETRY_SECONDS = 600;
  private static final int EXPIRE_SECONDS = 604_800;

  private static final int NUMBERS_BYTES = 20;

  /**
   * An NS record and what the parent needs to find the server.
   *
   * @param name the server's
   * @param a its addresses, none if its name lies elsewhere
   * @param aaaa likewise
   */
  record NameServer(RelativeName name, AddressSet a, AddressSet aaaa) {}

  /**
   * The SOA record's data (RFC 1035, section 3.3.13).
   *
   * @param primary the first name server
   * @param mailbox who is responsible
   * @param numbers serial, refresh, retry, expire, minimum
   */
  @SuppressWarnings("ArrayRecordComponent") // never given out of this package, never changed
  record Authority(RelativeName primary, RelativeName mailbox, byte[] numbers) {
    int length() {
      return primary.length() + mailbox.length() + numbers.length;
    }
  }

  static ZoneRecords of(ZoneConfig config, long serial) {
    WireName zone = WireName.of(config.name());
    List<NameServer> servers =
        config.nameServers().stream().map(server -> nameServer(server, zone)).toList();
    int negative = (int) config.negativeTtl().toSeconds();
    ByteBuffer numbers = ByteBuffer.allocate(NUMBERS_BYTES).putInt((int) serial);
    numbers.putInt(REFRESH_SECONDS).putInt(RETRY_SECONDS).putInt(EXPIRE_SECONDS).putInt(negative);
    Authority authority =
        new Authority(
            servers.getFirst().name(),
            RelativeName.of(WireName.of(config.mailbox()), zone),
            numbers.array());
    return new ZoneRecords(
        servers,
        authority,
        config.issuers().stream().map(IssuerRecord::data).toList(),
        (int) config.addressTtl().toSeconds(),
        (int) config.delegationTtl().toSeconds(),
        negative);
  }

  private static NameServer nameServer(ZoneConfig.NameServer server, WireName zone) {
    WireName name = WireName.of(server.name());
    List<InetAddress> glue = name.isIn(zone) ? server.addresses() : List.of();
    return new NameServer(
        RelativeName.of(name, zone),
        AddressSet.of(AddressFamily.IPV4, glue),
        AddressSet.of(AddressFamily.IPV6, glue));
  }
}
