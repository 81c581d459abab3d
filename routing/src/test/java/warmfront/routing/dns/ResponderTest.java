package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

final class ResponderTest {
  private final ZoneConfig config =
      ZoneConfig.of(
          "cdn.example",
          "hostmaster.cdn.example",
          List.of(
              new ZoneConfig.NameServer(
                  "ns.cdn.example", List.of(InetAddress.ofLiteral("192.0.2.53")))),
          List.of());
  private final AddressSet set =
      AddressSet.of(AddressFamily.IPV4, List.of(InetAddress.ofLiteral("192.0.2.1")));
  private final Zone zone =
      Zone.of(
          config,
          1,
          Names.of(config, Map.of(WireName.of("d1.cdn.example"), 0)),
          (_, _, family, choice) -> {
            choice.begin(family, 24);
            choice.offer(set, 0, 0);
          });
  private final Responder responder =
      new Responder(() -> zone, DnsLimits.DEFAULT, new DnsCounters());

  @Test
  void a_query_makes_no_garbage() throws Exception {
    byte[] address = query("d1.cdn.example.", Type.A);
    byte[] missing = query("x.cdn.example.", Type.A);
    byte[] foreign = query("example.org.", Type.A);
    Client client = new Client();

    long garbage =
        Garbage.bytes(() -> {
          responder.respond(address, address.length, client, Transport.UDP);
          responder.respond(missing, missing.length, client, Transport.UDP);
          responder.respond(foreign, foreign.length, client, Transport.UDP);
        });

    assertThat(garbage).isZero();
  }

  private static byte[] query(String name, int type) throws Exception {
    Message message = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    ClientSubnetOption subnet = new ClientSubnetOption(24, InetAddress.ofLiteral("203.0.113.0"));
    message.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(subnet)), Section.ADDITIONAL);
    return message.toWire();
  }
}
