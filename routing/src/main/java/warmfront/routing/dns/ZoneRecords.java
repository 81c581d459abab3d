package warmfront.routing.dns;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The zone's own records, ready to be copied.
 *
 * @param nameServers the targets of its NS records
 * @param soa the SOA record's data (RFC 1035, section 3.3.13)
 * @param addressTtl for tailored addresses, in seconds
 * @param delegationTtl for the zone's own records, in seconds
 * @param negativeTtl for what is not there, in seconds
 */
@SuppressWarnings("ArrayRecordComponent") // never given out of this package, never changed
record ZoneRecords(
    List<WireName> nameServers, byte[] soa, int addressTtl, int delegationTtl, int negativeTtl) {
  // For secondaries, of which there are none: zone transfer is not offered.
  private static final int REFRESH_SECONDS = 3600;
  private static final int RETRY_SECONDS = 600;
  private static final int EXPIRE_SECONDS = 604_800;

  static ZoneRecords of(ZoneConfig config, long serial) {
    List<WireName> servers =
        config.nameServers().stream().map(server -> WireName.of(server.name())).toList();
    int negative = (int) config.negativeTtl().toSeconds();
    return new ZoneRecords(
        servers,
        soa(servers.getFirst(), WireName.of(config.mailbox()), serial, negative),
        (int) config.addressTtl().toSeconds(),
        (int) config.delegationTtl().toSeconds(),
        negative);
  }

  private static byte[] soa(WireName primary, WireName mailbox, long serial, int negative) {
    byte[] data = new byte[2 * WireName.BYTES_MAX + 20];
    int at = mailbox.copy(data, primary.copy(data, 0));
    ByteBuffer numbers = ByteBuffer.wrap(data, at, 20);
    numbers.putInt((int) serial).putInt(REFRESH_SECONDS).putInt(RETRY_SECONDS);
    numbers.putInt(EXPIRE_SECONDS).putInt(negative);
    return Arrays.copyOf(data, numbers.position());
  }
}
