package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

final class QueryFuzzTest {
  private static final int PACKETS = 10_000;

  private final ZoneConfig config =
      ZoneConfig.of(
          "cdn.example",
          "hostmaster.cdn.example",
          List.of(
              new ZoneConfig.NameServer(
                  "ns.cdn.example", List.of(InetAddress.ofLiteral("192.0.2.53")))),
          List.of());
  private final Client resolver = new Client();
  private final DnsCounters counters = new DnsCounters();
  private final Responder responder = new Responder(this::zone, DnsLimits.DEFAULT, counters);

  private Zone zone() {
    AddressSet set = AddressSet.of(AddressFamily.IPV4, List.of(InetAddress.ofLiteral("192.0.2.1")));
    Names names = Names.of(config, Map.of(WireName.of("d1.cdn.example"), 0));
    return Zone.of(
        config,
        1,
        names,
        (_, _, _, choice) -> {
          choice.begin(AddressFamily.IPV4, 24);
          choice.offer(set, 0, 0);
        });
  }

  @Test
  void no_mutated_packet_breaks_the_server_and_no_reply_gets_a_reply() throws Exception {
    for (int seed = 0; seed < PACKETS; seed++) {
      Random random = new Random(seed);
      byte[] packet = mutate(query(random), random);

      int size = responder.respond(packet, packet.length, resolver, Transport.UDP);

      boolean isReply = packet.length >= 3 && (packet[2] & 0x80) != 0;
      if (packet.length < 12 || isReply) {
        assertThat(size).as("seed %d", seed).isZero();
      } else {
        byte[] reply = Arrays.copyOf(responder.reply(), size);
        assertThat(size).as("seed %d", seed).isBetween(12, DnsLimits.DEFAULT.udpReplyBytesMax());
        assertThat(reply[2] & 0x80).as("seed %d", seed).isNotZero();
        // An independent reader finds every reply well-formed.
        assertThat(new Message(reply).getHeader().getID())
            .as("seed %d", seed)
            .isEqualTo((packet[0] & 0xff) << 8 | (packet[1] & 0xff));
      }
    }
    assertThat(counters.counts().responses().get(ResponseCode.FORMERR)).isPositive();
    assertThat(counters.counts().responses().get(ResponseCode.NOERROR)).isPositive();
  }

  @Test
  void noise_breaks_nothing() {
    Random random = new Random(1);
    for (int i = 0; i < PACKETS; i++) {
      byte[] noise = new byte[random.nextInt(600)];
      random.nextBytes(noise);
      int size = responder.respond(noise, noise.length, resolver, Transport.UDP);
      assertThat(size).isLessThanOrEqualTo(DnsLimits.DEFAULT.udpReplyBytesMax());
    }
  }

  private static byte[] query(Random random) throws Exception {
    String[] names = {"d1.cdn.example.", "cdn.example.", "x.cdn.example.", "a.b.c.example."};
    int[] types = {Type.A, Type.AAAA, Type.NS, Type.SOA, Type.ANY, Type.TXT};
    Name name = Name.fromString(names[random.nextInt(names.length)]);
    Message message =
        Message.newQuery(Record.newRecord(name, types[random.nextInt(types.length)], DClass.IN));
    if (random.nextInt(4) > 0) {
      message.addRecord(
          new OPTRecord(
              1232,
              0,
              0,
              0,
              List.of(
                  new ClientSubnetOption(24, InetAddress.ofLiteral("203.0.113.0")),
                  new CookieOption(new byte[8]))),
          Section.ADDITIONAL);
    }
    return message.toWire();
  }

  private static byte[] mutate(byte[] packet, Random random) {
    byte[] mutated = packet;
    for (int i = random.nextInt(5); i >= 0; i--) {
      mutated =
          switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(mutated, random.nextInt(mutated.length + 1));
            case 1 -> Arrays.copyOf(mutated, mutated.length + random.nextInt(20));
            default -> mutated.clone();
          };
      if (mutated.length > 0) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
    }
    return mutated;
  }
}
